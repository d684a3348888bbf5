/** A name that nobody reads is refused: mistyped, it would leave the service to run otherwise than was meant. */
import { SERVICE_VARIABLES, type Source } from './environment.js';
import { JUDGE_VARIABLES } from './judge/configure.js';

/** `docs/back-end.md` reads these, and a back end may be started from the same environment. */
const BACK_END_VARIABLES = ['LIVENESS_URL', 'LIVENESS_API_KEY'];

const KNOWN = [...SERVICE_VARIABLES, ...JUDGE_VARIABLES, ...BACK_END_VARIABLES];

/**
 * What Kubernetes sets in every container, where a service of it is named `liveness` or begins with that:
 * https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
 */
const OF_KUBERNETES = /_(SERVICE_HOST|SERVICE_PORT|PORT)(_|$)/;

/** @throws with the names that begin with `LIVENESS_` and are none of ours; an empty variable is one that is not set */
export function refuseUnknown(source: Source): void {
  const unknown = Object.keys(source).filter(
    (name) => name.startsWith('LIVENESS_') && source[name] && !KNOWN.includes(name) && !OF_KUBERNETES.test(name),
  );
  if (unknown.length > 0)
    throw new Error(`the service knows no variable named ${unknown.join(', ')}: docs/service.md lists the known names`);
}
