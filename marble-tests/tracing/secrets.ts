/** What a secret of one kind is made of, by the words of those who issue it. */
export type SecretMaker = (random: () => number) => string;

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';
const HEX = '0123456789abcdef';
const ALNUM = UPPER + LOWER + DIGITS;
const URL64 = `${ALNUM}-_`;
const BASE64 = `${ALNUM}+/`;

const some = (chars: string, length: number): SecretMaker => (random) => Array.from({ length }, () => chars[Math.floor(random() * chars.length)]).join('');
const all = (...parts: readonly (string | SecretMaker)[]): SecretMaker => (random) => parts.map((part) => (typeof part === 'string' ? part : part(random))).join('');
const one = (...words: readonly string[]): SecretMaker => (random) => words[Math.floor(random() * words.length)] as string;

/** By the name of the rule that knows them. */
export const SECRET_MAKERS: Readonly<Record<string, SecretMaker>> = {
  aws_access_key_id: all(one('AKIA', 'ASIA'), some(UPPER + DIGITS, 16)),
  aws_secret_access_key: all(one('aws_secret_access_key = ', 'AWS_SECRET_ACCESS_KEY=', 'secretAccessKey": "'), some(BASE64, 40)),
  google_api_key: all('AIza', some(URL64, 35)),
  google_oauth_token: all(one('ya29.', 'GOCSPX-', '1//0'), some(URL64, 60)),
  azure_storage_key: all('AccountKey=', some(BASE64, 86), '=='),
  azure_client_secret: all('8Q~', some(ALNUM, 34)),
  azure_sas_signature: all('&sig=', some(ALNUM, 43), '%3D'),
  digitalocean_token: all('dop_v1_', some(HEX, 64)),
  github_token: all(one('ghp_', 'gho_', 'ghs_', 'github_pat_'), some(ALNUM, 36)),
  gitlab_token: all('glpat-', some(URL64, 20)),
  npm_token: all('npm_', some(ALNUM, 36)),
  pypi_token: all('pypi-AgEIcHlwaS5vcmc', some(URL64, 120)),
  docker_token: all('dckr_pat_', some(URL64, 27)),
  atlassian_token: all('ATATT3xFfGF0', some(URL64, 170)),
  anthropic_key: all('sk-ant-api03-', some(URL64, 93), 'AA'),
  openai_key: all(one('sk-proj-', 'sk-svcacct-', 'sk-'), some(ALNUM, 48)),
  huggingface_token: all('hf_', some(UPPER + LOWER, 34)),
  groq_key: all('gsk_', some(ALNUM, 52)),
  xai_key: all('xai-', some(ALNUM, 80)),
  langsmith_key: all(one('lsv2_pt_', 'lsv2_sk_'), some(HEX, 32), '_', some(HEX, 10)),
  slack_token: all(one('xoxb-', 'xoxp-', 'xapp-1-'), some(DIGITS, 11), '-', some(ALNUM, 24)),
  slack_webhook: all('hooks.slack.com/services/T', some(UPPER + DIGITS, 8), '/B', some(UPPER + DIGITS, 8), '/', some(ALNUM, 24)),
  discord_token: all('M', some(URL64, 23), '.', some(URL64, 6), '.', some(URL64, 38)),
  discord_webhook: all('discord.com/api/webhooks/', some(DIGITS, 18), '/', some(URL64, 68)),
  telegram_bot_token: all(some('123456789', 10), ':AA', some(URL64, 33)),
  twilio_key: all(one('SK', 'AC'), some(HEX, 32)),
  sendgrid_key: all('SG.', some(URL64, 22), '.', some(URL64, 43)),
  mailgun_key: all('key-', some(HEX, 32)),
  stripe_key: all(one('sk_live_', 'rk_test_', 'whsec_'), some(ALNUM, 24)),
  square_token: all('sq0atp-', some(URL64, 22)),
  shopify_token: all('shpat_', some(HEX, 32)),
  credit_card: (random) => one(cardNumber(random, '4', 16), cardNumber(random, '5105', 16), cardNumber(random, '37', 15))(random),
  iban: (random) => iban('DE', some(DIGITS, 18)(random)),
  vault_token: all('hvs.', some(URL64, 90)),
  jwt: all('eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ', some(URL64, 60), '.', some(URL64, 43)),
  private_key: all('-----BEGIN RSA PRIVATE KEY-----\n', some(BASE64, 64), '\n', some(BASE64, 64), '\n-----END RSA PRIVATE KEY-----'),
  authorization: all(one('Bearer ', 'Authorization: Basic '), some(ALNUM, 32)),
  url_password: all('://app:', some(ALNUM, 20), '@'),
};

/** `count` secrets, kinds in turn. */
export function secrets(count: number, random: () => number): readonly { readonly name: string; readonly secret: string }[] {
  const makers = Object.entries(SECRET_MAKERS);
  return Array.from({ length: count }, (_, index) => {
    const [name, make] = makers[index % makers.length] as [string, SecretMaker];
    return { name, secret: make(random) };
  });
}

/** Every other digit from the last but one on counts twice, its digits summed; the sum of all is a multiple of ten. */
function cardNumber(random: () => number, prefix: string, length: number): string {
  const body = prefix + some(DIGITS, length - 1 - prefix.length)(random);
  const sum = [...body].reverse().reduce((total, digit, index) => total + (index % 2 === 0 ? [0, 2, 4, 6, 8, 1, 3, 5, 7, 9][Number(digit)] ?? 0 : Number(digit)), 0);
  return body + String((10 - (sum % 10)) % 10);
}

/** Letters are numbers from 10 on; the whole, the country last, leaves 1 when divided by 97. */
function iban(country: string, account: string): string {
  const numeric = [...`${account}${country}00`].map((char) => parseInt(char, 36)).join('');
  return `${country}${String(98n - (BigInt(numeric) % 97n)).padStart(2, '0')}${account}`;
}
