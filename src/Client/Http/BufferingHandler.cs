namespace KeysCluster.Client;

/// <summary>
/// Reads a response to its end within the attempt. A connection that breaks in the middle of a response is then a
/// failure that is retried, as one before it is, and the time limits include the body.
/// </summary>
internal sealed class BufferingHandler : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        try
        {
            await response.Content.LoadIntoBufferAsync(cancellationToken);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }
}
