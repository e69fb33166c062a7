// Where in the page the reader is: the contents at the side show it, and unfold its channel.
export {};

const sidebar = /** @type {HTMLElement} */ (document.getElementById("sidebar"));
const ABOVE = 120; // px: what is nearer to the top than this is what is read

/** @typedef {{ place: Element, link: HTMLAnchorElement }} Place */

/** @type {Map<Element, Place[]>} the places of each chapter, in the page's order, as the links are */
const chapters = new Map();
for (const link of sidebar.querySelectorAll("a")) {
  const place = document.getElementById(decodeURIComponent(link.hash.slice(1)));
  const chapter = place?.closest(".chapter");
  if (place && chapter) chapters.set(chapter, [...(chapters.get(chapter) ?? []), { place, link }]);
}
const inOrder = [...chapters.keys()];

/** @type {HTMLAnchorElement | undefined} */
let current;
let asked = false;

/**
 * The last of these whose top is above the line; they are sorted by it.
 * @template T
 * @param {T[]} all
 * @param {(one: T) => Element} element
 */
function last(all, element) {
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const one = /** @type {T} */ (all[middle]);
    if (element(one).getBoundingClientRect().top <= ABOVE) low = middle + 1;
    else high = middle;
  }
  return all[low - 1];
}

/** The chapter first: what is inside the others has perhaps not been laid out. */
function lookUp() {
  const chapter = last(inOrder, (one) => one);
  const places = chapter && chapters.get(chapter);
  return places && last(places, ({ place }) => place)?.link;
}

function follow() {
  asked = false;
  const link = lookUp();
  if (link === current) return;
  const [before, now] = [current?.closest(".channel"), link?.closest(".channel")];
  current?.removeAttribute("aria-current");
  link?.setAttribute("aria-current", "location");
  if (before !== now) {
    before?.classList.remove("open");
    now?.classList.add("open");
  }
  current = link;
  if (link) keepInSight(link);
}

/** @param {HTMLElement} link */
function keepInSight(link) {
  const [box, within] = [link.getBoundingClientRect(), sidebar.getBoundingClientRect()];
  if (box.top < within.top + 40) sidebar.scrollTop -= within.top + 40 - box.top;
  else if (box.bottom > within.bottom - 60) sidebar.scrollTop += box.bottom - within.bottom + 60;
}

function ask() {
  if (asked) return;
  asked = true;
  requestAnimationFrame(follow);
}

addEventListener("scroll", ask, { passive: true });
addEventListener("resize", ask);
follow();
