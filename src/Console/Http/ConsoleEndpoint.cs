namespace KeysCluster.WebConsole.Http;

/// <summary>Metadata of endpoints that need a session. Others use one if there is one.</summary>
internal sealed class ConsoleEndpoint(bool requiresSession)
{
    public bool RequiresSession => requiresSession;
}
