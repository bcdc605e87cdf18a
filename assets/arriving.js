// A large file goes in parts (tus 1.0.0), so that a line that breaks costs one part and not the whole. What the browser
// remembers of it, to go on later, is the address of the upload under a digest: never the name of the file.
import { Upload } from "tus-js-client"

const LARGE = 2_000_000 // bytes; a smaller file is sent with its form
const PART = 4_000_000
const AGAIN = [0, 1_000, 3_000, 5_000, 10_000, 20_000] // milliseconds until the next try
const KEPT = "dhr-progress-"

export function largeFiles(form) {
  const inputs = [...form.querySelectorAll("input[type=file]")].filter((input) => input.files[0]?.size > LARGE)
  return inputs.map((input) => ({ name: input.name, file: input.files[0] }))
}

// Sends each file; answers what the form says in place of each: [name, value] pairs. Rejects when the line stays broken.
export async function sendInParts(form, files, tell) {
  const whole = files.reduce((sum, { file }) => sum + file.size, 0)
  const said = []
  let before = 0
  for (const { name, file } of files) {
    const outcome = await sendOne(form, file, (sent) => tell(((before + sent) / whole) * 100))
    if (outcome.refused) said.push([`${name}_refused`, outcome.refused])
    else said.push([`${name}_parked`, outcome.parked], [`${name}_called`, file.name])
    before += file.size
  }
  return said
}

function sendOne(form, file, tell) {
  const found = {}
  const note = (answer) => {
    found.parked ||= answer?.getHeader("Dhr-Parked")
    found.refused ||= answer?.getHeader("Dhr-Refused")
  }
  return new Promise((resolve, reject) => {
    const upload = new Upload(file, {
      endpoint: form.action,
      chunkSize: PART,
      retryDelays: AGAIN,
      headers: { "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value },
      metadata: { filename: `file${file.name.slice(file.name.lastIndexOf("."))}` },
      fingerprint: () => fingerprint(form.action, file),
      urlStorage: storage,
      storeFingerprintForResuming: Boolean(window.crypto?.subtle),
      removeFingerprintOnSuccess: true,
      onShouldRetry: (error) => ![400, 403, 404, 412, 413, 415, 422, 429].includes(error.originalResponse?.getStatus()),
      onAfterResponse: (request, answer) => note(answer),
      onProgress: tell,
      onSuccess: () => (found.parked ? resolve(found) : reject(new Error("not kept"))),
      onError: (error) => (found.refused ? resolve(found) : reject(error)),
    })
    upload.findPreviousUploads().then((earlier) => {
      if (earlier.length) upload.resumeFromPreviousUpload(earlier[0])
      upload.start()
    })
  })
}

async function fingerprint(address, file) {
  if (!window.crypto?.subtle) return ""
  const told = new TextEncoder().encode([address, file.name, file.size, file.lastModified].join("\n"))
  const digest = await window.crypto.subtle.digest("SHA-256", told)
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("")
}

const storage = {
  async findAllUploads() {
    return []
  },
  async findUploadsByFingerprint(mark) {
    const uploadUrl = mark && window.localStorage.getItem(KEPT + mark)
    return uploadUrl ? [{ size: null, metadata: {}, creationTime: "", urlStorageKey: KEPT + mark, uploadUrl }] : []
  },
  async removeUpload(key) {
    window.localStorage.removeItem(key)
  },
  async addUpload(mark, upload) {
    window.localStorage.setItem(KEPT + mark, upload.uploadUrl)
    return KEPT + mark
  },
}
