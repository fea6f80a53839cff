// Structured Text as tokens, for the part of IEC 61131-3 (second edition) that config/plc uses. What is not
// in that part is refused with its line: `//` comments, pointers, strings, `=>`, pragmas, 64-bit numbers.

export type Token = {
  readonly kind: 'word' | 'number' | 'time' | 'symbol' | 'end'
  /** Words in capitals: the language does not tell them apart. */
  readonly text: string
  /** Of a number or a time (ms). */
  readonly value: number
  /** Of a typed literal such as `WORD#16#00FF`. */
  readonly type?: string
  readonly line: number
}

/** What the text does wrong, and where. */
export class Refused extends Error {
  constructor(line: number, what: string) {
    super(`line ${line}: ${what}`)
  }
}

const space = /\s+|\(\*[\s\S]*?\*\)/y
const time = /(?:T|TIME)#(\d+)(ms|s)\b/iy
const literal = /(?:([A-Z]+)#)?(?:(16#)([0-9A-F]+)|(\d+))(?![\w#]|\.\d)/iy
const word = /[A-Z](?:_?[A-Z0-9])*(?![\w#])/iy
const symbol = /:=|(?!\/\/)(?:<>|<=|>=|\.\.|[()[\];:,.<>=+*/-])/y
const literalTypes = ['WORD', 'DWORD', 'INT', 'UINT', 'UDINT']

/** @throws Refused at the first character that the subset does not have */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = []
  let at = 0
  let line = 1
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (match === null) return undefined
    at += match[0].length
    return match
  }
  while (at < text.length) {
    const gap = take(space)
    if (gap !== undefined) {
      if (gap[0].indexOf('(*', 2) > 0) throw new Refused(line, 'a comment inside a comment')
      line += gap[0].split('\n').length - 1
      continue
    }
    const token = nextToken(take, line)
    if (token === undefined) {
      throw new Refused(line, `"${text.slice(at, at + 10).split('\n')[0]}" is not in the subset`)
    }
    tokens.push(token)
  }
  return [...tokens, { kind: 'end', text: 'the end', value: 0, line }]
}

function nextToken(
  take: (pattern: RegExp) => RegExpExecArray | undefined,
  line: number,
): Token | undefined {
  const duration = take(time)
  if (duration !== undefined) {
    const value = Number(duration[1]) * (duration[2]?.toLowerCase() === 's' ? 1000 : 1)
    return { kind: 'time', text: duration[0], value, line }
  }
  const number = take(literal)
  if (number !== undefined) {
    const type = number[1]?.toUpperCase()
    if (type !== undefined && !literalTypes.includes(type)) {
      throw new Refused(line, `a literal of the type ${type}`)
    }
    const value = number[2] === undefined ? Number(number[4]) : Number.parseInt(number[3] ?? '', 16)
    return { kind: 'number', text: number[0], value, line, ...(type !== undefined && { type }) }
  }
  const name = take(word)
  if (name !== undefined) return { kind: 'word', text: name[0].toUpperCase(), value: 0, line }
  const sign = take(symbol)
  return sign && { kind: 'symbol', text: sign[0], value: 0, line }
}

/** Words that no variable may be called: keywords, types and standard functions of the second edition, and what later editions and wide-spread tools added. */
export const reservedWords: ReadonlySet<string> = new Set(
  `ABS ACOS ACTION ADD AND ANY ANY_BIT ANY_DATE ANY_INT ANY_NUM ANY_REAL ARRAY ASIN AT ATAN BOOL BY BYTE CAL CALC CALCN
  CASE CD CDT CLK CONCAT CONFIGURATION CONSTANT COS CTD CTU CTUD CU CV D DATE DATE_AND_TIME DELETE DINT DIV DO DS DT DWORD
  ELSE ELSIF END_ACTION END_CASE END_CONFIGURATION END_FOR END_FUNCTION END_FUNCTION_BLOCK END_IF END_PROGRAM END_REPEAT
  END_RESOURCE END_STEP END_STRUCT END_TRANSITION END_TYPE END_VAR END_WHILE EN ENO EQ ET EXIT EXP EXPT F_EDGE F_TRIG FALSE
  FIND FOR FROM FUNCTION FUNCTION_BLOCK GE GT IF IN INITIAL_STEP INSERT INT INTERVAL JMP JMPC JMPCN L LD LDN LE LEFT LEN
  LIMIT LINT LN LOG LREAL LT LWORD MAX MID MIN MOD MOVE MUL MUX N NE NEG NON_RETAIN NOT OF ON OR ORN P PRIORITY PROGRAM PT
  PV Q Q1 QU QD R R1 R_TRIG READ_ONLY READ_WRITE REAL RELEASE REPEAT REPLACE RESOURCE RET RETAIN RETC RETCN RETURN RIGHT ROL
  ROR RS RTC R_EDGE S S1 SD SEL SEMA SHL SHR SIN SINGLE SINT SL SQRT SR ST STEP STN STRING STRUCT SUB TAN TASK THEN TIME
  TIME_OF_DAY TO TOD TOF TON TP TRANSITION TRUE TRUNC TYPE UDINT UINT ULINT UNTIL USINT VAR VAR_ACCESS VAR_CONFIG
  VAR_EXTERNAL VAR_GLOBAL VAR_IN_OUT VAR_INPUT VAR_OUTPUT VAR_TEMP WHILE WITH WORD WSTRING XOR XORN
  ABSTRACT ADR CHAR CLASS CONTINUE DATE_AND_LTIME EXTENDS FINAL IMPLEMENTS INTERFACE INTERNAL LDATE LTIME METHOD NAMESPACE
  NULL OVERLAP OVERRIDE PERSISTENT POINTER PRIVATE PROTECTED PUBLIC REF REF_TO REFERENCE SIZEOF SUPER THIS UNION USING WCHAR`.split(
    /\s+/,
  ),
)
