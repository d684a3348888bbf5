import { code, create } from '../common/dom.js';

/** Asks for confirmation. @returns true if confirmed; false otherwise, also if the dialog is closed with Escape */
export function askToDelete(sessionId: string): Promise<boolean> {
  const dialog = create(
    'dialog',
    { class: 'card', 'aria-labelledby': 'delete-title' },
    create('h2', { id: 'delete-title' }, 'Delete this session?'),
    create('p', {}, code(sessionId)),
    create('p', { class: 'fine' }, 'This also deletes its pictures and its audit, and makes its token worthless.'),
    create(
      'form',
      { method: 'dialog', class: 'actions' },
      create('button', { value: 'delete', class: 'primary danger' }, 'Delete'),
      create('button', { value: '', autofocus: true }, 'Keep it'),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'delete');
    });
  });
}
