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
/// What ASP.NET Core costs when there is nothing to do: the floor of a call over HTTP. No authentication, no guards, no
/// rate limits; the server is set up as in a node.
/// </summary>
internal static class EmptyServerExtensions
{
    /// <summary>Takes a POST and answers 200 with no body.</summary>
    public const string EmptyPath = "/empty";

    /// <summary>Reads a JSON body as <c>verify</c> takes it and answers with about the JSON that <c>verify</c> answers.</summary>
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

        var answer = CreateSampleResponse();
        app.MapPost(JsonPath, (VerifyRequest request) => request.Secret is null ? Results.BadRequest() : Results.Ok(answer));
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

    /// <summary>As many members as a virtual key has on the wire, of the same kinds.</summary>
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
