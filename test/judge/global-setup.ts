/** Set up once for all files of the suite: builds the judge's thread. */
export { prepareJudge as default } from './prepare.js';
