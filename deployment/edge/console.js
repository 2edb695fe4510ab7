// What names no file is a place within the console, and the console is one page.
function handler(event) {
    var request = event.request;
    if (!request.uri.split('/').pop().includes('.')) {
        request.uri = '/index.html';
    }
    return request;
}
