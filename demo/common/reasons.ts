/** The reasons of this project's judges for not deciding “realface”, in words. */
export const REASONS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    AnotherSession: 'Pictures had been sent before, in another attempt.',
    RepeatedFrames: 'One picture was sent as if it showed several moments.',
    AnotherPerson: 'The face of one person was followed by that of another.',
    ManifestContradicted: 'The pictures do not show what the page said about them.',
    FlatPicture: 'What turned was a flat picture.',
    ScreenShown: 'A border like that of a screen or a print encloses the face.',
    ImpossibleTiming: 'The pictures cannot have been taken in the time available.',
    NoFace: 'A picture shows no face.',
    SeveralFaces: 'A picture shows several faces.',
    ActiveMotionNeeded: 'No head turns were asked for, and the judge accepts nobody without them.',
    WrongDirections: 'The person made other movements than those asked for, or made them in another order.',
    ChallengeNotMet: 'A head turn or smile that was asked for is missing.',
    NoNaturalMotion: 'The features did not move like those of a living face.',
    TooManyAlike: 'More earlier pictures resemble these than could be compared. A copy may be among them.',
    ScreenSuspected: 'Straight edges like those of a screen or a print enclose the face.',
    AttackModel: 'The presentation-attack model did not rate the face as live.',
    NoJudgeConfigured: 'No judge is configured on this service, so it answers “uncertain” to everyone.',
  }),
);

/** @returns a sentence; it quotes a reason that this project's judges do not give */
export function reasonWords(reason: string): string {
  return REASONS.get(reason) ?? `The judge’s reason is “${reason}”.`;
}
