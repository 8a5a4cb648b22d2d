namespace KeysCluster.Security.Sessions;

/// <summary>
/// Attaches the token of silos to the calls of this silo, in place of that of the client on whose behalf it calls. A
/// call of a client's observer carries none: it would give the client the token of a silo, or of another client.
/// </summary>
internal sealed class SiloSessionFilter(SessionTokens tokens) : IOutgoingGrainCallFilter
{
    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        if (context.TargetId.IsClient()) RequestContext.Remove(SessionToken.ContextKey);
        else RequestContext.Set(SessionToken.ContextKey, tokens.SiloToken);
        await context.Invoke();
    }
}
