/**
 * The keys whose values `redact` takes out whatever they are, as names end: `password` is also `DB_PASSWORD`. Case, `-` and `_` don't count.
 */
export const secretKeys: readonly string[] = Object.freeze([
  'password', 'passwd', 'pwd', 'passphrase', 'secret', 'apikey', 'authorization', 'credentials', 'cookie', 'connectionstring',
  'accesstoken', 'refreshtoken', 'idtoken', 'authtoken', 'bearertoken', 'sessiontoken', 'csrftoken', 'privatekey', 'secretkey', 'secretaccesskey', 'accountkey',
]);

/** Whether a key's name ends in one of `names`. */
export function secretKeyCheck(names: readonly string[]): (key: string) => boolean {
  const endings = names.map(plain);
  return (key) => {
    const name = plain(key);
    return endings.some((ending) => name.endsWith(ending));
  };
}

function plain(key: string): string {
  return key.replace(/[-_\s]/g, '').toLowerCase();
}
