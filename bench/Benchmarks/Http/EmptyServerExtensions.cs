using System.Text.Json;
using System.Text.Json.Serialization;
using KeysCluster.Benchmarks.Hosting;
using KeysCluster.Hosting;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace KeysCluster.Benchmarks.Http;

/// <summary>
/// A server with the settings of a silo, whose endpoints do nothing: the minimum cost of a call over HTTP. It has no
/// authentication, no request guards and no rate limits.
/// </summary>
internal static class EmptyServerExtensions
{
    /// <summary>Returns 200 without a body to a POST request.</summary>
    public const string EmptyPath = "/empty";

    /// <summary>Reads the JSON of a <c>verify</c> request and returns JSON similar to that of a response.</summary>
    public const string JsonPath = "/json";

    public static void AddEmptyServer(this WebApplicationBuilder builder)
    {
        builder.AddHostDefaults();
        builder.Services.Configure<KestrelServerOptions>(options => options.AddServerHeader = false);
        builder.Services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            options.SerializerOptions.Converters.Add(new JsonStringEnumConverter());
        });
    }

    public static void MapEmptyServer(this WebApplication app)
    {
        app.MapPost(EmptyPath, static () => TypedResults.Ok());

        var response = CreateSampleResponse();
        app.MapPost(JsonPath, (VerifyRequest request) =>
            request.Secret is null ? Results.BadRequest() : Results.Ok(response));
    }

    private static VerifyResponse CreateSampleResponse()
    {
        var now = TimeProvider.System.GetUtcNow();
        var id = VirtualKeyId.New(now);
        var prefix = VirtualKeySecret.Mint(id, VirtualKeyEnvironment.Live).DisplayPrefix;
        var key = new KeyResponse(
            id.ToString(), BenchmarkKey.Caller.Project.ToString(), SecretId.New(now).ToString(), prefix, "a key", null,
            VirtualKeyEnvironment.Live, "active", null, [], "1", null, null, now, now, null, null, null, null, []);
        return new VerifyResponse(true, VerdictCode.Active, key, key.SecretId, null);
    }

    private sealed record VerifyRequest(string? Secret);

    private sealed record VerifyResponse(
        bool Valid, VerdictCode Code, KeyResponse VirtualKey, string SecretId, DateTimeOffset? ValidUntil);

    /// <summary>A type with as many members as a virtual key has in JSON, and of the same types.</summary>
    private sealed record KeyResponse(
        string Id,
        string ProjectId,
        string SecretId,
        string DisplayPrefix,
        string Name,
        string? Description,
        VirtualKeyEnvironment Environment,
        string Status,
        string? PrincipalUserId,
        IReadOnlyList<string> ProviderCredentialIds,
        string Revision,
        DateTimeOffset? LastUsedAt,
        DateTimeOffset? SecretLastUsedAt,
        DateTimeOffset CreatedAt,
        DateTimeOffset UpdatedAt,
        DateTimeOffset? ExpiresAt,
        DateTimeOffset? DisabledAt,
        string? DisabledReason,
        DateTimeOffset? RevokedAt,
        IReadOnlyList<string> RetiringSecrets);
}
