import {
  Button, CharacterCount, Checkboxes, createAll, ErrorSummary, FileUpload, NotificationBanner, Radios, ServiceNavigation, SkipLink,
} from "govuk-frontend"
import { warnBeforeTimeout } from "./timeout.js"

for (const component of [
  Button, CharacterCount, Checkboxes, ErrorSummary, FileUpload, NotificationBanner, Radios, ServiceNavigation, SkipLink,
]) {
  createAll(component)
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false
  button.addEventListener("click", () => window.print())
}
// A picture wider than its frame opens where the review is.
for (const here of document.querySelectorAll(".dhr-picture__frame [data-here]")) {
  const frame = here.closest(".dhr-picture__frame")
  if (!frame.scrollLeft) frame.scrollLeft = here.getBoundingClientRect().left - frame.getBoundingClientRect().left - 10
}
warnBeforeTimeout(document.body)
