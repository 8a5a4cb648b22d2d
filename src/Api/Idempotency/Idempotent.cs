using System.Reflection;
using System.Text.Json;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Requests;
using KeysCluster.Idempotency;
using KeysCluster.Secrets;
using Microsoft.AspNetCore.Http.Metadata;

namespace KeysCluster.Api.Idempotency;

/// <summary>The <c>Idempotency-Key</c> header of a call that takes one, and what follows from it.</summary>
internal sealed class Idempotent : IRequestPart, IEndpointParameterMetadataProvider
{
    private Idempotent(IdempotencyKey? key, ErrorResult? error) => (Key, Error) = (key, error);

    /// <summary>The key; null when the header is absent.</summary>
    public IdempotencyKey? Key { get; }

    public ErrorResult? Error { get; }

    public static ValueTask<Idempotent> BindAsync(HttpContext context)
    {
        if (!context.Request.Headers.TryGetValue(IdempotencyKey.HeaderName, out var header)) return new(new Idempotent(null, null));
        var key = header.Count == 1 ? IdempotencyKey.TryParse(header.ToString()) : null;
        return new(new Idempotent(key, key is not null ? null : ApiErrors.ValidationFailed(
            $"{IdempotencyKey.HeaderName} must be one of 1 to {IdempotencyKey.MaxLength} printable ASCII characters.")));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new TakesIdempotencyKey());

    /// <summary>Marks a grain's command; null when there is no key.</summary>
    /// <param name="secret">The secret that the command brings.</param>
    /// <param name="operation">Which call this is.</param>
    /// <param name="body">What was asked for: the same members make the same request, however they are written.</param>
    public IdempotentRequest? Mark<TBody>(Secret secret, string operation, TBody body)
    {
        if (Key is null) return null;
        var request = JsonSerializer.SerializeToUtf8Bytes(new { operation, body });
        return new IdempotentRequest(Key.Digest(), SecretDigest.Of(request), Key.Seal(secret.Reveal()));
    }

    /// <summary>The secret to answer with: the one just minted, or that of the first answer when this one is a replay.</summary>
    public string SecretOf(ChangeOutcome outcome, byte[]? sealedSecret, Secret minted, HttpResponse response)
    {
        if (outcome != ChangeOutcome.Replayed) return minted.Reveal();
        response.Headers[IdempotencyKey.ReplayedHeaderName] = "true";
        return Key!.Open(sealedSecret);
    }
}

/// <summary>Says of an endpoint that it takes the header.</summary>
internal sealed class TakesIdempotencyKey;
