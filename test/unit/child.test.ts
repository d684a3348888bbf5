import { describe, expect, it } from 'vitest';
import { originIn } from '../child.js';

describe('the origin a server prints', () => {
  it('is what stands before the last slash', () => {
    expect(originIn('Warning\nListening on http://localhost:8080/, with data in /tmp')).toBe('http://localhost:8080');
  });

  it('is not there while its line is not complete, whatever the next output says', () => {
    expect(originIn('Listening on http://localhost:80\nfile:///somewhere')).toBeNull();
  });
});
