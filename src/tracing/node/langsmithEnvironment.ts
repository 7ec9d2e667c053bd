type Environment = Readonly<Record<string, string | undefined>>;

/** What is said in fields of its own, or says only where traces go. The endpoints come with their keys. */
const EXCLUDED = /^LANG(CHAIN|SMITH)_(ENDPOINT|TRACING_V2|PROJECT|SESSION|CONFIG_FILE|AGENT_ID|AGENT_ENVIRONMENT|REVISION_ID|RUNS_ENDPOINTS)$/;
const SENSITIVE = /key|secret|token|password|passwd|pwd|credential|email/i;

/** The variables that LangSmith's clients put into the metadata of runs: their own, but for secrets. */
export function langsmithEnvironment(environment: Environment): Readonly<Record<string, string>> {
  return only(environment, Object.keys(environment).filter((name) => /^LANG(CHAIN|SMITH)_/.test(name) && !EXCLUDED.test(name) && !SENSITIVE.test(name)));
}

/** Where continuous integration and hosts say which commit it is. */
const COMMITS = [
  'VERCEL_GIT_COMMIT_SHA', 'NEXT_PUBLIC_VERCEL_GIT_COMMIT_SHA', 'COMMIT_REF', 'RENDER_GIT_COMMIT', 'CI_COMMIT_SHA', 'CIRCLE_SHA1', 'CF_PAGES_COMMIT_SHA',
  'REACT_APP_GIT_SHA', 'SOURCE_VERSION', 'GITHUB_SHA', 'TRAVIS_COMMIT', 'GIT_COMMIT', 'BUILD_VCS_NUMBER', 'bamboo_planRepository_revision',
  'Build.SourceVersion', 'BITBUCKET_COMMIT', 'DRONE_COMMIT_SHA', 'SEMAPHORE_GIT_SHA', 'BUILDKITE_COMMIT',
] as const;

/** What the environment says of the commit that runs. */
export const releaseOf = (environment: Environment): Readonly<Record<string, string>> => only(environment, COMMITS);

const only = (environment: Environment, names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(names.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])));
