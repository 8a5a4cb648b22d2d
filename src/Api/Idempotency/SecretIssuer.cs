using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Http;
using KeysCluster.Idempotency;
using KeysCluster.Secrets;
using Microsoft.AspNetCore.Http.Metadata;

namespace KeysCluster.Api.Idempotency;

/// <summary>
/// Issues secrets for one request. The endpoint mints a secret, sends the grain its digest only, and reveals the secret
/// in the response. With an <c>Idempotency-Key</c>, a retry reveals the secret of the first response.
/// </summary>
internal sealed class SecretIssuer : IBoundParameter, IEndpointParameterMetadataProvider
{
    /// <summary>
    /// At the end of a day, another front end may have received the first attempt with a clock that was ahead.
    /// </summary>
    private static readonly TimeSpan MaxClockDifference = TimeSpan.FromMinutes(1);

    private readonly IdempotencyKey? _key;
    private readonly HttpResponse _response;
    private readonly IGrainFactory _grains;

    private SecretIssuer(HttpContext context)
    {
        (_key, Error) = IdempotencyHeader.Read(context.Request.Headers);
        _response = context.Response;
        _grains = context.RequestServices.GetRequiredService<IGrainFactory>();
        Now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
    }

    public ErrorResult? Error { get; }

    /// <summary>The time of the request, from which new ids are made.</summary>
    public DateTimeOffset Now { get; }

    public static ValueTask<SecretIssuer> BindAsync(HttpContext context) => new(new SecretIssuer(context));

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new IdempotencyKeyMetadata());

    /// <summary>
    /// Creates a resource. The id follows from the <c>Idempotency-Key</c> and the day, so that a retry reaches the
    /// grain of the first attempt: that of the same day, or of the day before, whose record may still be valid. A key
    /// that is used again after its record has expired identifies a new request, and on a new day a new id.
    /// </summary>
    /// <param name="scope">The scope of the <c>Idempotency-Key</c>.</param>
    /// <param name="newId">Makes an id for a request without an <c>Idempotency-Key</c>.</param>
    /// <param name="idFromBits">Makes an id from 128 bits.</param>
    /// <param name="createAsync">
    /// Creates the resource with an id, or only replays an earlier request. Returns null if nothing was replayed, or
    /// the id is taken.
    /// </param>
    public async Task<IResult> CreateAsync<TId>(
        string scope,
        Func<DateTimeOffset, TId> newId,
        Func<ReadOnlySpan<byte>, TId> idFromBits,
        Func<TId, bool, Task<IResult?>> createAsync)
    {
        if (_key is null) return await createAsync(newId(Now), false) ?? ApiErrors.InternalError;

        var day = GetDay(Now);
        long[] days = GetDay(Now + MaxClockDifference) > day ? [day, day - 1, day + 1] : [day, day - 1];
        var ids = await _grains.GetGrain<IIdempotentIdGrain>(0).Derive(_key.ComputeDigest(), scope, days);
        var replays = await Task.WhenAll(ids.Skip(1).Select(bits => createAsync(idFromBits(bits), true)));
        if (replays.FirstOrDefault(replay => replay is not null) is { } replayed) return replayed;
        return await createAsync(idFromBits(ids[0]), false) ?? ApiErrors.IdempotencyConflict;
    }

    /// <summary>Describes the request to the grain; null without an <c>Idempotency-Key</c>.</summary>
    /// <param name="operation">The name of the operation.</param>
    /// <param name="body">The content. The order and white space of its members make no difference.</param>
    /// <param name="secret">The minted secret. It is encrypted under the <c>Idempotency-Key</c>.</param>
    /// <param name="testSecret">Its variant for the test environment, if the environment is unknown.</param>
    public IdempotentRequest? ToIdempotentRequest<TBody>(
        string operation, TBody body, Secret secret, Secret? testSecret = null)
        where TBody : class, new() =>
        ToIdempotentRequest(operation, body, secret.Reveal(), testSecret?.Reveal());

    /// <summary>Describes the request to the grain, for a secret of another kind.</summary>
    public IdempotentRequest? ToIdempotentRequest<TBody>(
        string operation, TBody body, string secret, string? testSecret = null)
        where TBody : class, new()
    {
        if (_key is null) return null;
        return new IdempotentRequest(
            _key.ComputeDigest(),
            ComputeRequestHash(operation, body),
            _key.Seal(secret),
            testSecret is null ? null : _key.Seal(testSecret));
    }

    /// <summary>Returns the secret for the response: the minted one, or on a replay the original one.</summary>
    public string Reveal(ChangeOutcome outcome, byte[]? sealedSecret, Secret minted) =>
        Reveal(outcome, sealedSecret, minted.Reveal());

    /// <summary>Returns a secret of another kind for the response.</summary>
    public string Reveal(ChangeOutcome outcome, byte[]? sealedSecret, string minted)
    {
        if (outcome != ChangeOutcome.Replayed) return minted;
        foreach (var name in IdempotencyHeader.ReplayedNames) _response.Headers[name] = "true";
        return _key!.Open(sealedSecret);
    }

    /// <summary>
    /// Computes the hash that distinguishes requests. Stored records contain it: other names or another order of the
    /// members would turn retries during an upgrade into conflicts. Members that were added later are left out at their
    /// defaults, so that a retry to a build that has one more member has the same hash.
    /// </summary>
    private static Sha256Digest ComputeRequestHash<TBody>(string operation, TBody body)
        where TBody : class, new()
    {
        var members = JsonSerializer.SerializeToNode(body)!.AsObject();
        var defaults = JsonSerializer.SerializeToNode(new TBody())!.AsObject();
        foreach (var property in typeof(TBody).GetProperties())
        {
            // The serializer uses the names of the properties, except for those that have another one.
            var name = property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? property.Name;
            if (property.IsDefined(typeof(AddedMemberAttribute))
                && JsonNode.DeepEquals(members[name], defaults[name]))
                members.Remove(name);
        }

        var request = new { operation, body = SortMembers(members) };
        return Sha256Digest.Compute(JsonSerializer.SerializeToUtf8Bytes(request));
    }

    /// <summary>
    /// Sorts the members of objects within the body. Those of the body itself have the order of its type.
    /// </summary>
    private static JsonObject SortMembers(JsonObject body)
    {
        var sorted = new JsonObject();
        foreach (var (name, value) in body) sorted[name] = Sort(value);
        return sorted;
    }

    private static JsonNode? Sort(JsonNode? node) => node switch
    {
        JsonObject value => new JsonObject(value.OrderBy(member => member.Key, StringComparer.Ordinal)
            .Select(member => KeyValuePair.Create(member.Key, Sort(member.Value)))),
        JsonArray value => new JsonArray([.. value.Select(Sort)]),
        _ => node?.DeepClone(),
    };

    private static long GetDay(DateTimeOffset time) => time.UtcTicks / IdempotentRequest.RecordLifetime.Ticks;
}
