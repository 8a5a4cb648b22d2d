using System.Collections.Concurrent;
using System.Net;
using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests;

/// <summary>Clients that rotate keys of their own as fast as they are answered, and note every secret that they got.</summary>
internal sealed class RotationStream(Uri address, string apiKey)
{
    private const int ClientCount = 4;

    /// <summary>Leaves room for the rotations whose answers are lost.</summary>
    private const int RotationsPerKey = 25;

    private readonly ConcurrentBag<string> _acknowledgedSecrets = [];
    private readonly TaskCompletionSource _warmedUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;

    /// <summary>Every secret that came with a 200 or 201; none of them has ended since.</summary>
    public IReadOnlyCollection<string> AcknowledgedSecrets => _acknowledgedSecrets;

    /// <summary>Completes when the stream has been flowing for a while.</summary>
    public Task WarmedUp => _warmedUp.Task.WaitAsync(TimeSpan.FromSeconds(60));

    /// <summary>Runs until the service stops answering as it should.</summary>
    public Task RunAsync() => Task.WhenAll(Enumerable.Range(0, ClientCount).Select(_ => Task.Run(RunClientAsync)));

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
                    var answer = await client.RotateAsync(id);
                    if (answer.Status != HttpStatusCode.OK) return;
                    Record(answer.Secret);
                }
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or InvalidOperationException or IOException)
        {
            // The service went away in the middle of a call, as it is meant to.
        }
    }

    private void Record(string secret)
    {
        _acknowledgedSecrets.Add(secret);
        if (Interlocked.Increment(ref _count) == 100) _warmedUp.TrySetResult();
    }
}
