// Shows how much has come of a file that the server makes while it sends. Without this script the browser downloads it in its
// own way, from the same form. Only a file that came whole is kept.
const MEGABYTE = 1_000_000
const EVERY = 5 * MEGABYTE

for (const form of document.querySelectorAll("form[data-export]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.plain) return
    event.preventDefault()
    take(form, event.submitter)
  })
}

function board(form, expected) {
  form.querySelector(".dhr-progress")?.remove()
  const place = document.createElement("div")
  const words = document.createElement("p")
  const progress = document.createElement("progress")
  place.className = "dhr-progress"
  words.className = "govuk-body"
  words.setAttribute("role", "status")
  progress.setAttribute("aria-label", "Making the file")
  if (expected) progress.max = expected
  place.append(words, progress)
  form.append(place)
  let told = -1
  return {
    at(came) {
      if (expected) progress.value = Math.min(came, expected)
      const step = Math.floor(came / EVERY)
      if (step === told) return
      told = step
      const all = expected >= EVERY ? ` of about ${Math.round(expected / MEGABYTE)}` : ""
      words.textContent = `Making the file: ${Math.round(came / MEGABYTE)}${all} MB have come. Keep this page open.`
    },
    stop(sentence, { failed }) {
      progress.remove()
      if (failed) words.setAttribute("role", "alert")
      words.className = failed ? "govuk-error-message" : "govuk-body"
      words.textContent = sentence
    },
  }
}

async function take(form, submitter) {
  const answers = new URLSearchParams(new FormData(form, submitter))
  const whole = ![...answers].some(([name, value]) => name !== "csrfmiddlewaretoken" && value)
  const shown = board(form, whole ? Number(form.dataset.export) : 0)
  const allow = (yes) => { for (const button of form.querySelectorAll("button")) button.disabled = !yes }
  allow(false)
  shown.at(0)
  try {
    const answer = await fetch(form.action, { method: "POST", body: answers })
    if (!answer.headers.get("Content-Disposition")) {
      form.dataset.plain = "yes" // a page with what is to be corrected: the browser shows it
      allow(true)
      form.requestSubmit(submitter)
      return
    }
    save(await read(answer.body.getReader(), shown), answer.headers.get("Content-Disposition"))
    shown.stop("The file is complete. It is with your downloads.", { failed: false })
  } catch {
    shown.stop("The file did not come whole, so nothing was kept. Check your connection, then export the log again.", { failed: true })
  }
  allow(true)
}

async function read(reader, shown) {
  const pieces = []
  let came = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return new Blob(pieces, { type: "application/zip" })
    pieces.push(value)
    came += value.length
    shown.at(came)
  }
}

function save(file, disposition) {
  const link = document.createElement("a")
  link.href = URL.createObjectURL(file)
  link.download = /filename="([^"]+)"/.exec(disposition)?.[1] ?? "access-log.zip"
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
