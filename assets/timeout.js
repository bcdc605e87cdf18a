// WCAG 2.2.1: a person hears five minutes ahead that the session will end. Without scripts the server sends them
// to sign in and back to the saved draft.
const WARNING = 5 * 60

export function warnBeforeTimeout(body) {
  const seconds = Number(body.dataset.sessionSeconds)
  if (!seconds) return
  const ends = Date.now() + seconds * 1000
  const place = document.createElement("div")
  place.setAttribute("role", "alert")
  body.append(place)
  let said = ""
  const look = () => {
    const left = Math.round((ends - Date.now()) / 1000)
    const words = sentence(left)
    if (words !== said) say(place, words)
    said = words
    if (left > 0) setTimeout(look, Math.min(1000 * Math.max(1, left - WARNING), 30_000))
  }
  look()
}

function sentence(left) {
  if (left > WARNING) return ""
  if (left <= 0) return "You have been signed out. Copy anything you have not saved, then sign in again."
  return "You will be signed out in 5 minutes or less. Save what you have written to stay signed in."
}

function say(place, words) {
  place.className = words ? "dhr-timeout" : ""
  place.textContent = words
}
