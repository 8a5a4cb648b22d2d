using System.Collections.Concurrent;
using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Secrets;
using KeysCluster.Storage;
using KeysCluster.Validation;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Linearizability;

/// <summary>Calls a key, and records the start, the end and the response of each call.</summary>
internal sealed class CallRecorder(
    GrainTestKey key, IVirtualKeyValidator validator, IReadOnlyDictionary<char, Secret> secrets)
{
    private readonly ConcurrentQueue<Call> _calls = new();
    private long _time;

    public History History => new([.. _calls]);

    /// <summary>
    /// Invokes a call and returns its response; null when it failed because of storage. Any other failure is an error.
    /// </summary>
    public async Task<Response?> InvokeAsync(Request request)
    {
        var start = Interlocked.Increment(ref _time);
        try
        {
            var response = await SendAsync(request);
            if (response is Response.Validated { Code: VerdictCode.Unavailable }) return null;
            _calls.Enqueue(new Call(request, start, Interlocked.Increment(ref _time), response));
            return response;
        }
        catch (StorageUnavailableException)
        {
            if (request is Request.Rotate or Request.Revoke) _calls.Enqueue(Call.WithoutResponse(request, start));
            return null;
        }
    }

    private async Task<Response> SendAsync(Request request) => request switch
    {
        Request.Rotate rotate => new Response.Changed((await key.RotateAsync(secrets[rotate.Secret])).Outcome),
        Request.Revoke => new Response.Changed((await key.RevokeAsync()).Outcome),
        Request.Validate validate => new Response.Validated(await ValidateAsync(secrets[validate.Secret])),
        Request.Get => ToRetrieved(await key.GetAsync()),
        _ => throw new ArgumentOutOfRangeException(nameof(request)),
    };

    private async Task<VerdictCode> ValidateAsync(Secret secret) =>
        (await validator.ValidateAsync(secret.Reveal())).Code;

    private Response.Retrieved ToRetrieved(VirtualKey shown) => new(
        shown.Revision,
        secrets.Single(secret => secret.Value.DisplayPrefix == shown.DisplayPrefix).Key,
        shown.RevokedAt is not null);
}
