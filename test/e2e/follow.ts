/** Plays a person who cannot see: translates the English instructions heard into the actor's movements. */
import type { ActiveMotion } from '../fixtures/page/actor.js';

export interface Heard {
  text: string;
  at: number;
  /** How the person reacted; null if not at all. */
  did: string | null;
}

/** Moves the actor by what this source says. Runs in the page, so it refers to nothing outside itself. */
export function follow(source: 'live region' | 'voice'): void {
  /** Shares of the picture per second: as slow as a person who waits for the next word. */
  const SPEED = 0.035;
  const GROWTH = 0.05;
  let motion = { x: 0, y: 0, zoom: 0 };
  const still = { x: 0, y: 0, zoom: 0 };
  // Instructions name the person's own sides; in the unmirrored picture, their left is on the right.
  const MEANINGS: [RegExp, string, Partial<typeof motion>][] = [
    [/^(Come closer)/, 'closer', { zoom: GROWTH }],
    [/^(Move back|Hold the camera at arm)/, 'back', { zoom: -GROWTH }],
    [/^Move to your left/, 'move left', { x: SPEED }],
    [/^Move to your right/, 'move right', { x: -SPEED }],
    [/^(Move up|Sit up)/, 'move up', { y: -SPEED }],
    [/^(Move down|Sit lower)/, 'move down', { y: SPEED }],
    [/^(Good, stay|Hold still|Keep your head and the camera still)/, 'still', {}],
  ];
  const TURNS: [RegExp, ActiveMotion][] = [
    [/^Turn your head (further )?to your left/, 'lookLeft'],
    [/^Turn your head (further )?to your right/, 'lookRight'],
    [/^Raise your (head|chin)/, 'lookUp'],
    [/^Lower your (head|chin)/, 'lookDown'],
  ];

  const act = (text: string): string | null => {
    const turn = TURNS.find(([sentence]) => sentence.test(text))?.[1];
    if (turn) window.actor.play(turn);
    else window.actor.rest();
    const [, meaning = null, change] = MEANINGS.find(([sentence]) => sentence.test(text)) ?? [];
    motion = { ...still, ...change };
    return turn ?? meaning;
  };
  const hear = (text: string) => window.heard.push({ text, at: performance.now(), did: act(text) });
  window.heard = [];

  let last = performance.now();
  setInterval(() => {
    const { scene } = window.actor;
    const seconds = (performance.now() - last) / 1_000;
    last = performance.now();
    scene.x += motion.x * seconds;
    scene.y += motion.y * seconds;
    scene.zoom *= 1 + motion.zoom * seconds;
  }, 40);

  if (source === 'voice') {
    window.speech.listener = hear;
  } else {
    const region = document.querySelector('face-liveness')?.shadowRoot?.querySelector('[role=status]');
    if (!region) throw new Error('No live region');
    const read = () => {
      // A screen reader says nothing when the region is emptied.
      const text = region.textContent?.trim();
      if (text) hear(text);
    };
    new MutationObserver(read).observe(region, { childList: true, characterData: true, subtree: true });
  }
}

declare global {
  interface Window {
    heard: Heard[];
  }
}
