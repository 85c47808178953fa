// What a member can do to a channel from its title: archive it or open it again, put the app out of
// it or let it in; and to its messages: delete them, whoever wrote them.

import { confirmed } from "./confirm.js";
import { openMenu } from "./menu.js";
import { act } from "./server.js";
import { store } from "./state.js";
import { complain } from "./toasts.js";

/** Open the menu of a channel under `anchor`. */
export function openRoom(anchor, room) {
  const app = store.data.app.name;
  const item = (type, label, description) => ({
    label,
    description,
    data: { room: type },
    run: () => change(anchor, room, type),
  });
  const items = room.archived
    ? [item("unarchive", "Unarchive channel", `${app} has to be added anew`)]
    : [
        room.app_in
          ? item("remove_app", `Remove ${app} from channel`)
          : item("invite_app", `Add ${app} to channel`),
        item("archive", "Archive channel", room.app_in ? `${app} is put out of it` : ""),
      ];
  openMenu(anchor, `Channel ${room.name}`, items);
}

/** What to know of a channel beside its name; empty where all is as usual. */
export function roomNote(room) {
  if (room.kind === "dm" || room.app_in) return "";
  return room.archived ? "archived" : `${store.data.app.name} is not in this channel`;
}

async function change(anchor, room, type) {
  const answer = await act({ type, channel: room.id });
  if (!answer.ok) complain(answer.error, anchor);
}

const plainText = (text) => ({ type: "plain_text", text });
const ASK = {
  title: plainText("Delete message"),
  text: plainText("Are you sure you want to delete this message? This cannot be undone."),
  confirm: plainText("Delete"),
  deny: plainText("Cancel"),
  style: "danger",
};

/** Ask, then delete a message; `button` is what was pressed. */
export async function deleteMessage(message, button) {
  if (!(await confirmed(ASK))) return;
  const answer = await act({ type: "delete_message", channel: message.channel, ts: message.ts });
  if (!answer.ok) complain(answer.error, button);
}
