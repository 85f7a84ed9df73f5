// Searches PAGES, which search-index.js holds: pages with all of the words, those with most of them in the title first.

const SHOWN = 30;
const box = document.getElementById('search');
const found = document.getElementById('found');

function element(tag, text, children = []) {
  const made = document.createElement(tag);
  made.textContent = text;
  made.append(...children);
  return made;
}

function ranked(words) {
  const hits = [];
  for (const page of PAGES) {
    const title = page.title.toLowerCase();
    const text = `${title} ${page.kind} ${page.text.toLowerCase()}`;
    if (words.every(word => text.includes(word))) {
      hits.push({ page, rank: words.filter(word => title.includes(word)).length });
    }
  }
  return hits.sort((a, b) => b.rank - a.rank).map(hit => hit.page);
}

// What stands around the first of the words, with the words marked.
function excerpt(page, words) {
  const at = Math.max(0, Math.min(...words.map(word => page.text.toLowerCase().indexOf(word)).filter(i => i >= 0), page.text.length) - 60);
  const cut = page.text.slice(at, at + 200);
  const marks = new RegExp(words.map(word => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'gi');
  const parts = [];
  let end = 0;
  for (const match of cut.matchAll(marks)) {
    parts.push(cut.slice(end, match.index), element('mark', match[0]));
    end = match.index + match[0].length;
  }
  return [...parts, cut.slice(end)];
}

function search() {
  const words = box.value.toLowerCase().split(/\s+/).filter(word => word);
  if (words.length === 0) return found.replaceChildren();
  const hits = ranked(words);
  const entries = hits.slice(0, SHOWN).map(page => {
    const link = element('a', page.title);
    link.href = page.url;
    return element('p', '', [link, element('small', ` ${page.kind}`), element('br', ''), element('small', '', excerpt(page, words))]);
  });
  const more = hits.length > SHOWN ? `, of which ${SHOWN} are shown` : '';
  found.replaceChildren(element('p', hits.length === 1 ? '1 place' : `${hits.length} places${more}`), ...entries);
}

box.addEventListener('input', search);
// A reader who comes back finds what was typed.
if (box.value) search();
