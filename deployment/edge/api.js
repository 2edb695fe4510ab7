// The API knows nothing of the place that it has here.
function handler(event) {
    var request = event.request;
    request.uri = request.uri.slice('/api'.length);
    return request;
}
