namespace KeysCluster.Security.Sessions;

/// <summary>Attaches the token of this client to its calls.</summary>
internal sealed class ClientSessionFilter(ClientSession session) : IOutgoingGrainCallFilter
{
    // Asynchronous, so that the request context of the caller remains as it is.
    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        if (session.Token is { } token) RequestContext.Set(SessionToken.ContextKey, token);
        await context.Invoke();
    }
}
