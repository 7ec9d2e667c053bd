import { isCardNumber } from './isCardNumber.js';
import { isIban } from './isIban.js';
import type { SecretRule } from './SecretRule.js';

/**
 * The secrets that `redact` knows by itself. They are told by what is unmistakable in them, so that one that was cut off is known as well:
 * most want fewer characters than a whole one has.
 */
export const secretRules: readonly SecretRule[] = Object.freeze<SecretRule[]>([
  // Clouds
  { name: 'aws_access_key_id', pattern: /(?:AKIA|ASIA|ABIA|ACCA|AROA|AIDA)[A-Z0-9]{12,}/ },
  { name: 'aws_secret_access_key', pattern: /(?:aws_?secret_?access_?key|secret_?access_?key|aws_?session_?token)["'\\]{0,2}\s{0,4}[=:]\s{0,4}["'\\]{0,2}[A-Za-z0-9/+=]{16,}/i },
  { name: 'google_api_key', pattern: /AIza[A-Za-z0-9_-]{24,}/ },
  { name: 'google_oauth_token', pattern: [/ya29\.[A-Za-z0-9_-]{16,}/, /GOCSPX-[A-Za-z0-9_-]{16,}/, /\b1\/\/0[A-Za-z0-9_-]{24,}/] },
  { name: 'azure_storage_key', pattern: /(?:AccountKey|SharedAccessKey)=[A-Za-z0-9/+=]{16,}/i },
  { name: 'azure_client_secret', pattern: /[78]Q~[A-Za-z0-9_.~-]{24,}/ },
  { name: 'azure_sas_signature', pattern: /[?&;]sig=[A-Za-z0-9%/+=_-]{20,}/ },
  { name: 'digitalocean_token', pattern: /do[opr]_v1_[a-f0-9]{16,}/ },
  // Code and packages
  { name: 'github_token', pattern: [/gh[pousr]_[A-Za-z0-9]{16,}/, /github_pat_[A-Za-z0-9_]{16,}/] },
  { name: 'gitlab_token', pattern: /gl(?:pat|oas|dt|rt|cbt|ptt|ft|imt|agent|soat|ffct)-[A-Za-z0-9_.-]{16,}/ },
  { name: 'npm_token', pattern: /npm_[A-Za-z0-9]{24,}/ },
  { name: 'pypi_token', pattern: /pypi-[A-Za-z0-9_-]{24,}/ },
  { name: 'docker_token', pattern: /dckr_[a-z]{2,4}_[A-Za-z0-9_-]{16,}/ },
  { name: 'atlassian_token', pattern: /ATATT3[A-Za-z0-9_=-]{24,}/ },
  // Models and what is around them
  { name: 'anthropic_key', pattern: /sk-ant-[A-Za-z0-9_-]{16,}/ },
  { name: 'openai_key', pattern: [/sk-(?:proj|svcacct|admin)-[A-Za-z0-9_-]{16,}/, /sk-[A-Za-z0-9]{24,}/] },
  { name: 'huggingface_token', pattern: /\b(?:hf|api_org)_[A-Za-z0-9]{24,}/ },
  { name: 'groq_key', pattern: /gsk_[A-Za-z0-9]{24,}/ },
  { name: 'xai_key', pattern: /\bxai-[A-Za-z0-9]{24,}/ },
  { name: 'langsmith_key', pattern: /lsv2_[a-z]{2}_[A-Za-z0-9_]{16,}/ },
  // Messages
  { name: 'slack_token', pattern: [/xox[a-z]-[A-Za-z0-9-]{10,}/, /xapp-[A-Za-z0-9-]{16,}/] },
  { name: 'slack_webhook', pattern: /hooks\.slack\.com\/(?:services|workflows|triggers)\/[A-Za-z0-9/_-]{16,}/ },
  { name: 'discord_token', pattern: /\b[MNO][A-Za-z0-9_-]{22,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{16,}/ },
  { name: 'discord_webhook', pattern: /discord(?:app)?\.com\/api\/webhooks\/\d{1,20}\/[A-Za-z0-9_-]{16,}/ },
  { name: 'telegram_bot_token', pattern: /\b\d{8,10}:[A-Za-z0-9_-]{30,}/ },
  { name: 'twilio_key', pattern: /\b(?:SK|AC)[0-9a-f]{32}/ },
  { name: 'sendgrid_key', pattern: /SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{16,}/ },
  { name: 'mailgun_key', pattern: /\bkey-[0-9a-f]{32}/ },
  // Money
  { name: 'stripe_key', pattern: [/[srp]k_(?:live|test)_[A-Za-z0-9]{10,}/, /whsec_[A-Za-z0-9/+=]{16,}/] },
  { name: 'square_token', pattern: /sq0[a-z]{3}-[A-Za-z0-9_-]{16,}/ },
  { name: 'shopify_token', pattern: /shp(?:at|ca|pa|ss)_[A-Fa-f0-9]{16,}/ },
  { name: 'credit_card', pattern: /\b[2-6]\d{3}(?:[ -]?\d){9,15}\b/, check: isCardNumber },
  { name: 'iban', pattern: /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}\b/, check: isIban },
  // Of any service
  { name: 'vault_token', pattern: /hv[sbr]\.[A-Za-z0-9_-]{20,}/ },
  { name: 'jwt', pattern: /eyJ[A-Za-z0-9_-]{16,}(?:\.[A-Za-z0-9_-]+)*/ },
  {
    name: 'private_key',
    pattern: [/-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:[\r\nnr\\]{1,8}[A-Z][A-Za-z-]{1,30}: [^\r\n\\]{1,200})*[A-Za-z0-9/+=\r\n\\-]*/, /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/],
  },
  { name: 'authorization', pattern: [/\bbearer\s{1,4}[A-Za-z0-9._~/+=-]{16,}/i, /authorization["'\\]{0,2}\s{0,4}[:=]\s{0,4}["'\\]{0,2}[a-z]{2,16}\s{1,4}[A-Za-z0-9._~/+=-]{6,}/i] },
  { name: 'url_password', pattern: /:\/\/[^\s:@/"'<>]{0,128}:[^\s@/"'<>]{1,256}@/ },
]);

/** What tells who somebody is. `redact` looks for it where it is asked to: `redact([...secretRules, ...personalRules])`. */
export const personalRules: readonly SecretRule[] = Object.freeze<SecretRule[]>([
  { name: 'email', pattern: /\b[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,4}\.[A-Za-z]{2,24}/ },
  { name: 'phone', pattern: [/\+\d{1,3}(?:[ ./-]?\(?\d{1,4}\)?){2,5}\b/, /\b\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}\b/] },
  { name: 'us_ssn', pattern: /\b\d{3}-\d{2}-\d{4}\b/ },
]);
