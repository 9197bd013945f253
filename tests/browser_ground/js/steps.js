// Every step of the browser towards its disk and the hub is told to the test before and after it, and goes on when the test has
// heard: so the test can pull the plug at any of them. A file is written in two halves, as a browser is free to do.
const tell = word => {
  const ask = new XMLHttpRequest();
  ask.open("POST", "/step", false);
  ask.send(JSON.stringify(word));
};

const around = (kind, ...names) => names.forEach(name => {
  const plain = kind[name];
  kind[name] = function (...args) {
    tell(name);
    const answer = plain.apply(this, args);
    if (!(answer instanceof Promise)) return tell(`${name} done`), answer;
    return answer.then(value => (tell(`${name} done`), value));
  };
});

const handle = FileSystemSyncAccessHandle.prototype, { write } = handle;
handle.write = function (data, { at }) {
  tell("write");
  const half = data.length >> 1, first = write.call(this, data.subarray(0, half), { at });
  tell("half written");
  return first + write.call(this, data.subarray(half), { at: at + half });
};
around(handle, "flush", "truncate");
around(FileSystemFileHandle.prototype, "move");
around(FileSystemDirectoryHandle.prototype, "removeEntry");
around(IDBObjectStore.prototype, "put", "add", "delete");
around(self, "fetch");
