using System.Collections.Concurrent;
using KeysCluster.Grains.Tests.Cluster;
using KeysCluster.Secrets;
using KeysCluster.Storage;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Linearizability;

/// <summary>Calls a key and records when each call began, when it ended, and what was said.</summary>
internal sealed class Recorder(ClusterKey key, IReadOnlyDictionary<char, Secret> secrets)
{
    private readonly ConcurrentQueue<Call> _calls = new();
    private long _time;

    public History History => new([.. _calls]);

    /// <summary>A call that storage did not let through has no answer; any other fault is not expected by anyone.</summary>
    public async Task<Answer?> Call(Request request)
    {
        var start = Interlocked.Increment(ref _time);
        try
        {
            var answer = await Ask(request);
            if (answer is Answer.Judged { Code: VerdictCode.Unavailable }) return null;
            _calls.Enqueue(new Call(request, start, Interlocked.Increment(ref _time), answer));
            return answer;
        }
        catch (StorageUnavailableException)
        {
            if (request is Request.Rotate or Request.Revoke)
                _calls.Enqueue(Linearizability.Call.Unanswered(request, start));
            return null;
        }
    }

    private async Task<Answer> Ask(Request request) => request switch
    {
        Request.Rotate rotate => new Answer.Changed((await key.Rotate(secrets[rotate.Secret])).Outcome),
        Request.Revoke => new Answer.Changed((await key.Revoke()).Outcome),
        Request.Validate validate => new Answer.Judged(await key.Validate(secrets[validate.Secret])),
        Request.Get => Shown(await key.Get()),
        _ => throw new ArgumentOutOfRangeException(nameof(request)),
    };

    private Answer.Shown Shown(VirtualKey shown) => new(
        shown.Revision,
        secrets.Single(secret => secret.Value.DisplayPrefix == shown.DisplayPrefix).Key,
        shown.RevokedAt is not null);
}
