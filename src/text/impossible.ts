/** Why something cannot be done at this moment, as the end of a sentence: to authors of files and to learners alike. */
import type { ImpossibleReason } from '../scenario/findings.ts'
import type { Language } from './language.ts'

export const impossible: Readonly<Record<Language, Readonly<Record<ImpossibleReason, string>>>> = {
  en: {
    notCut: 'nothing is cut or slow there', alreadyRunning: 'it runs already', notRunning: 'it does not run', notFrozen: 'it is not frozen', alreadyFrozen: 'it is frozen already',
    alreadyDown: 'it is down already', alreadyStopping: 'it is stopping already', notAssigned: 'the partition is not assigned to it',
    noSuchDisk: 'it has no such log directory', alreadyFailed: 'that is so already', notFailed: 'nothing is wrong with it', notHeld: 'it does not hold that record',
  },
  ko: {
    notCut: '그곳에는 끊기거나 느려진 것이 없습니다', alreadyRunning: '이미 실행 중입니다', notRunning: '실행 중이 아닙니다', notFrozen: '멈춰 있지 않습니다',
    alreadyFrozen: '이미 멈춰 있습니다', alreadyDown: '이미 꺼져 있습니다', alreadyStopping: '이미 종료하는 중입니다', notAssigned: '그 파티션을 맡고 있지 않습니다',
    noSuchDisk: '그런 로그 디렉터리가 없습니다', alreadyFailed: '이미 그런 상태입니다', notFailed: '고장 나 있지 않습니다', notHeld: '그 레코드를 빌려 가고 있지 않습니다',
  },
}
