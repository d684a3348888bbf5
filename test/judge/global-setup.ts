/** For all files of the suite: the judge's thread. */
export { prepareJudge as default } from './prepare.js';
