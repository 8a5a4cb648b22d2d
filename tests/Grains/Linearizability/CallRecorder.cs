using System.Collections.Concurrent;
using KeysCluster.Grains.Tests.Cluster;
using KeysCluster.Secrets;
using KeysCluster.Storage;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Linearizability;

/// <summary>Calls a key and records when each call began, when it ended, and what was said.</summary>
internal sealed class CallRecorder(GrainTestKey key, IReadOnlyDictionary<char, Secret> secrets)
{
    private readonly ConcurrentQueue<Call> _calls = new();
    private long _time;

    public History History => new([.. _calls]);

    /// <summary>A call that storage did not let through has no answer; any other fault is not expected by anyone.</summary>
    public async Task<Response?> InvokeAsync(Request request)
    {
        var start = Interlocked.Increment(ref _time);
        try
        {
            var answer = await SendAsync(request);
            if (answer is Response.Validated { Code: VerdictCode.Unavailable }) return null;
            _calls.Enqueue(new Call(request, start, Interlocked.Increment(ref _time), answer));
            return answer;
        }
        catch (StorageUnavailableException)
        {
            if (request is Request.Rotate or Request.Revoke)
                _calls.Enqueue(Linearizability.Call.WithoutResponse(request, start));
            return null;
        }
    }

    private async Task<Response> SendAsync(Request request) => request switch
    {
        Request.Rotate rotate => new Response.Changed((await key.RotateAsync(secrets[rotate.Secret])).Outcome),
        Request.Revoke => new Response.Changed((await key.RevokeAsync()).Outcome),
        Request.Validate validate => new Response.Validated(await key.ValidateAsync(secrets[validate.Secret])),
        Request.Get => ToRetrieved(await key.GetAsync()),
        _ => throw new ArgumentOutOfRangeException(nameof(request)),
    };

    private Response.Retrieved ToRetrieved(VirtualKey shown) => new(
        shown.Revision,
        secrets.Single(secret => secret.Value.DisplayPrefix == shown.DisplayPrefix).Key,
        shown.RevokedAt is not null);
}
