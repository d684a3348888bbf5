import { prepareJudge } from './prepare.js';

export default prepareJudge;
