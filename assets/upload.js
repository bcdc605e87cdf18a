// Sends a form marked data-upload with a progress bar, and words at every quarter. The server's page is then put in place
// as parsed nodes, never as text turned into HTML (Trusted Types): the browser parses the answer, its scripts never run.
// Without this script the form is sent the plain way to the same address and gets the same page.
import { createAll, ErrorSummary, FileUpload, NotificationBanner } from "govuk-frontend"
import { largeFiles, sendInParts } from "./arriving.js"

const QUARTER = 25

function listen(root) {
  for (const form of root.querySelectorAll("form[data-upload]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.plain) return
      event.preventDefault()
      send(form, event.submitter)
    })
  }
}

function board(form) {
  const place = document.createElement("div")
  const progress = document.createElement("progress")
  const words = document.createElement("p")
  place.className = "dhr-progress"
  progress.max = 100
  progress.setAttribute("aria-label", "Sending the file")
  words.setAttribute("role", "status")
  words.className = "govuk-body"
  place.append(words, progress)
  form.append(place)
  let told = -1
  return {
    at(percent) {
      progress.value = percent
      const quarter = Math.floor(percent / QUARTER) * QUARTER
      if (quarter === told) return
      told = quarter
      words.textContent = quarter === 100 ? "Sent. The file is being sealed: please wait." : `Sending: ${quarter}% sent.`
    },
    stop(sentence) {
      progress.remove()
      words.setAttribute("role", "alert")
      words.className = "govuk-error-message"
      words.textContent = sentence
    },
  }
}

async function send(form, submitter) {
  const request = new XMLHttpRequest()
  const data = new FormData(form, submitter)
  const large = largeFiles(form)
  form.querySelector(".dhr-progress")?.remove()
  const shown = board(form)
  const buttons = form.querySelectorAll("button")
  const allow = (yes) => { for (const button of buttons) button.disabled = !yes }
  const giveUp = (sentence) => {
    shown.stop(sentence)
    form.dataset.plain = "yes"
    allow(true)
  }
  allow(false)
  shown.at(0)
  if (large.length) {
    try {
      const said = await sendInParts(form, large, shown.at)
      for (const { name } of large) for (const old of ["", "_parked", "_called"]) data.delete(name + old)
      for (const [name, value] of said) data.set(name, value)
    } catch {
      shown.stop("The line is broken. Send the form again: the file goes on from where it was.")
      allow(true)
      return
    }
  }
  request.upload.addEventListener("progress", (event) => {
    if (!large.length && event.lengthComputable) shown.at((event.loaded / event.total) * 100)
  })
  request.addEventListener("load", () => {
    if (!show(request)) giveUp("The file was not accepted, and no reason was given. Try again, or call the community safety team.")
  })
  request.addEventListener("error", () => giveUp("The file could not be sent. Check your connection, then try again."))
  request.responseType = "document"
  request.open("POST", form.action)
  request.send(data)
}

function show(request) {
  const answer = request.response
  const main = answer?.querySelector("main")
  if (!main) return false
  if (request.responseURL && request.responseURL !== window.location.href) history.pushState(null, "", request.responseURL)
  document.title = answer.title
  document.querySelector("main").replaceWith(document.adoptNode(main))
  for (const component of [ErrorSummary, FileUpload, NotificationBanner]) createAll(component, undefined, main)
  listen(main)
  if (!main.querySelector(".govuk-error-summary, .govuk-notification-banner--success")) main.focus()
  return true
}

window.addEventListener("popstate", () => window.location.reload())
listen(document)
