/** The reasons why a judge of this project did not decide “realface”, in words. */
export const REASONS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    AnotherSession: 'Pictures had been sent before, in another attempt.',
    RepeatedFrames: 'One picture was sent as if it were several moments.',
    AnotherPerson: 'The face of one person was followed by that of another.',
    ManifestContradicted: 'What the page said of its pictures is not what they show.',
    FlatPicture: 'What turned was a flat picture.',
    ScreenShown: 'A border encloses the face, as that of a screen or a print.',
    ImpossibleTiming: 'The pictures cannot have been taken in the time there was.',
    NoFace: 'A picture shows no face.',
    SeveralFaces: 'A picture shows several faces.',
    ActiveMotionNeeded: 'No head turns were asked for, and without them there is nothing to decide by.',
    WrongDirections: 'The person moved in other ways, or in another order, than was asked.',
    ChallengeNotMet: 'A head turn or smile that was asked for is missing.',
    NoNaturalMotion: 'The face did not change in itself as a living one does.',
    TooManyAlike: 'More pictures resemble these than could be compared, and a copy may be among them.',
    ScreenSuspected: 'Straight edges enclose the face, as those of a screen or a print.',
    AttackModel: 'The presentation-attack model did not take it for a live face.',
    NoJudgeConfigured: 'No judge is configured on this service, so it answers “uncertain” to everybody.',
  }),
);

/** @returns a sentence; for a reason of another judge, one that quotes it */
export function reasonWords(reason: string): string {
  return REASONS.get(reason) ?? `The judge’s reason is “${reason}”.`;
}
