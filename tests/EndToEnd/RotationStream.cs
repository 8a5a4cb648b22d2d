using System.Collections.Concurrent;
using System.Net;
using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests;

/// <summary>Clients that create and rotate keys continuously, and record every secret that they receive.</summary>
internal sealed class RotationStream(Uri address, string apiKey)
{
    private const int ClientCount = 4;
    private const int WarmUpCalls = 100;

    /// <summary>
    /// Below the limit of retiring secrets, because rotations whose responses are lost count as well.
    /// </summary>
    private const int RotationsPerKey = 25;

    private static readonly TimeSpan WarmUpTimeout = TimeSpan.FromSeconds(60);

    private readonly ConcurrentBag<string> _acknowledgedSecrets = [];
    private readonly CallCounter _calls = new();

    /// <summary>The secrets in all 200 and 201 responses. None of them has expired.</summary>
    public IReadOnlyCollection<string> AcknowledgedSecrets => _acknowledgedSecrets;

    /// <summary>
    /// Runs the clients, causes a fault in the middle, and waits until each client has stopped at a failure.
    /// </summary>
    public async Task RunUntilAsync(Func<Task> fault)
    {
        var clients = Task.WhenAll(Enumerable.Range(0, ClientCount).Select(_ => Task.Run(RunClientAsync)));
        await _calls.WaitForAsync(WarmUpCalls, WarmUpTimeout);
        await fault();
        await clients;
    }

    private async Task RunClientAsync()
    {
        using var client = new KeysClient(address, apiKey);
        try
        {
            while (true)
            {
                var (id, secret) = await client.CreateAsync();
                Record(secret);
                for (var i = 0; i < RotationsPerKey; i++)
                {
                    var response = await client.RotateAsync(id);
                    if (response.Status != HttpStatusCode.OK) return;
                    Record(response.Secret);
                }
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or InvalidOperationException or IOException)
        {
            // The fault failed a call.
        }
    }

    private void Record(string secret)
    {
        _acknowledgedSecrets.Add(secret);
        _calls.Increment();
    }
}
