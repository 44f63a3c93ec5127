// Counts the seconds in which a mailing can be held back, says them at 60, 30 and 10, and shows the page anew when
// they are over. Without this the time at which it leaves stands there, and the button works as well.

const banner = document.getElementById("leaving");
const number = banner.querySelector(".number");
const status = banner.querySelector("[role=status]");
const ends = performance.now() + 1000 * banner.dataset.seconds;

function tick() {
  const left = Math.max(0, Math.ceil((ends - performance.now()) / 1000));
  if ([60, 30, 10].includes(left) && number.textContent !== String(left)) {
    status.textContent = status.dataset.said.replace("%n", left);
  }
  number.textContent = left;
  if (left) setTimeout(tick, 250);
  else setTimeout(() => location.reload(), 2000);
}

tick();
