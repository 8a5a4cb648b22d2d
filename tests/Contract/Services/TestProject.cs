using KeysCluster.TestKit;

namespace KeysCluster.Contract.Services;

/// <summary>A project of one test, and a client that presents its API key.</summary>
public sealed record TestProject(string Id, string ApiKey, KeysClient Client) : IDisposable
{
    public void Dispose() => Client.Dispose();
}
