// JupyterLab and the classic Notebook as a person uses them: menus, keys, what is on the page. Both have the same methods.

const LIMIT = 240_000;

class NotebookPage {
  constructor(page, base, token) {
    Object.assign(this, { page, base, token });
  }

  // What is on the page: one entry for each code cell, and the kernel's state as the page tells it.
  look() {
    return this.page.evaluate(names => {
      const root = [...document.querySelectorAll(names.notebook)].find(e => e.offsetParent !== null) ?? document;
      const cells = [...root.querySelectorAll(names.cell)].map(cell => ({
        prompt: cell.querySelector(names.prompt)?.textContent.replace(/[^\d*]/g, '') ?? '',
        source: cell.querySelector(names.source)?.innerText ?? '',
        errors: [...cell.querySelectorAll(names.error)].map(e => e.innerText),
        stderr: [...cell.querySelectorAll(names.stderr)].map(e => e.innerText),
        images: [...cell.querySelectorAll(`${names.output} img`)].map(i => ({ width: i.naturalWidth, shown: i.offsetWidth })),
        tables: [...cell.querySelectorAll(`${names.output} table`)].map(t => t.rows.length),
        bar: [...cell.querySelectorAll(`${names.output} progress`)].map(p => p.parentElement.innerText.trim())[0] ?? '',
      }));
      return { cells, idle: [...document.querySelectorAll(names.idle)].some(e => e.textContent.endsWith(names.idleText)) };
    }, this.names);
  }

  // Looks again and again until the condition holds.
  async until(condition, what, limit = LIMIT) {
    const end = Date.now() + limit;
    let seen;
    while (Date.now() < end) {
      seen = await this.look();
      const result = condition(seen);
      if (result) return result === true ? seen : result;
      await this.page.waitForTimeout(200);
    }
    throw new Error(`${what} did not happen within ${limit / 1000} s; cells: ${JSON.stringify(seen?.cells.map(c => [c.prompt, c.bar, c.errors]))}`);
  }

  idle(codeCells) {
    return this.until(seen => seen.idle && seen.cells.length >= codeCells, 'A ready kernel');
  }

  async open(notebook, codeCells) {
    await this.goto(notebook);
    await this.idle(codeCells);
  }

  // All cells have run, in this order, and the kernel rests; what else must hold may be told.
  finished(codeCells, holds = () => true) {
    return this.until(seen => {
      const failed = seen.cells.find(cell => cell.errors.length);
      if (failed) throw new Error(`A cell shows an error:\n${failed.source}\n${failed.errors[0]}`);
      return seen.idle && seen.cells.length === codeCells && seen.cells.every((cell, i) => cell.prompt === String(i + 1)) && holds(seen);
    }, 'The end of the last cell');
  }

  async shiftEnter() {
    await this.page.keyboard.press('Shift+Enter');
  }

  async runInPlace() {
    await this.page.keyboard.press('Control+Enter');
  }

  async screenshot(file) {
    await this.page.waitForTimeout(300);
    await this.page.screenshot({ path: file });
  }
}

export class Classic extends NotebookPage {
  names = {
    notebook: '#notebook-container', cell: '.code_cell', prompt: '.input_prompt', source: '.CodeMirror-code', output: '.output_area',
    error: '.output_error', stderr: '.output_stderr', idle: '#kernel_indicator_icon.kernel_idle_icon',
    idleText: '',
  };

  goto(notebook) {
    return this.page.goto(`${this.base}/notebooks/${notebook}?token=${this.token}`);
  }

  async menu(menu, item) {
    await this.page.click(`#menubar a:text-is("${menu}")`);
    await this.page.click(item);
  }

  runAll() {
    return this.menu('Cell', '#run_all_cells');
  }

  interrupt() {
    return this.page.click('button[data-jupyter-action="jupyter-notebook:interrupt-kernel"]');
  }

  async restartAndRunAll() {
    await this.menu('Kernel', '#restart_run_all');
    await this.page.click('.modal-dialog .btn-danger');
  }

  // Selects the n-th code cell, in command mode.
  async select(n) {
    await this.page.locator('.code_cell .input_prompt').nth(n).click();
    await this.page.keyboard.press('Escape');
  }

  selectFirst() {
    return this.page.locator('.cell .input_prompt, .cell .prompt').first().click();
  }

  async scrollTo(n) {
    await this.page.locator('.code_cell').nth(n).evaluate(cell => cell.scrollIntoView({ block: 'start' }));
  }
}

export class Lab extends NotebookPage {
  names = {
    notebook: '.jp-NotebookPanel', cell: '.jp-CodeCell', prompt: '.jp-InputArea-prompt', source: '.cm-content', output: '.jp-OutputArea-output',
    // JupyterLab 4.0 draws an error as it draws standard error.
    error: '[data-mime-type="application/vnd.jupyter.error"], [data-mime-type="application/vnd.jupyter.stderr"]',
    stderr: '[data-mime-type="application/vnd.jupyter.stderr"]',
    // The circle in the notebook's corner looks idle before there is a kernel, and cells that are run then are not run at all.
    idle: '.jp-StatusBar-TextItem', idleText: '| Idle',
  };

  goto(notebook) {
    return this.page.goto(`${this.base}/lab/tree/${notebook}?token=${this.token}&reset`);
  }

  async menu(menu, item) {
    await this.page.click(`.lm-MenuBar-itemLabel:text-is("${menu}")`);
    await this.page.click(`.lm-Menu-itemLabel:text-matches("^${item}")`);
  }

  runAll() {
    return this.menu('Run', 'Run All Cells');
  }

  interrupt() {
    return this.menu('Kernel', 'Interrupt Kernel');
  }

  async restartAndRunAll() {
    await this.menu('Kernel', 'Restart Kernel and Run All Cells');
    await this.page.click('.jp-Dialog .jp-mod-accept');
  }

  // A click on text gives the notebook the keyboard; Escape leaves the editor.
  async select(n) {
    await this.page.locator('.jp-CodeCell .cm-content').nth(n).click();
    await this.page.keyboard.press('Escape');
  }

  async selectFirst() {
    await this.page.locator('.jp-Notebook .jp-Cell').first().click({ position: { x: 150, y: 20 } });
    await this.page.keyboard.press('Escape');
  }

  async scrollTo(n) {
    await this.page.locator('.jp-CodeCell').nth(n).evaluate(cell => cell.scrollIntoView({ block: 'start' }));
  }
}
