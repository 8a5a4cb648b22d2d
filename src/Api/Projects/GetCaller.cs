using System.ComponentModel;
using System.Security.Claims;
using System.Text.Json;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Callers;
using KeysCluster.Api.Http;
using KeysCluster.Api.RateLimiting;
using Microsoft.AspNetCore.Http.HttpResults;

namespace KeysCluster.Api.Projects;

internal static class GetCaller
{
    internal sealed record Response(
        [property: Description("api_key, admin, or user: a person who has signed in to the console.")] string Kind,
        [property: Description("The name of an admin key or a person, or the first characters of an API key.")]
        string Name,
        [property: Description("The project of an API key or a person.")] string? ProjectId,
        [property: Description("The id of an API key.")] string? ApiKeyId,
        [property: Description("The id of the secret of an API key.")] string? SecretId,
        [property: Description("What an API key or a person may do. Empty for an administrator.")]
        IReadOnlyList<string> Permissions,
        [property: Description("Whether the secret was replaced: it can then only read, verify, and expire itself.")]
        bool Retiring);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/whoami", Handle)
        .WithName("getApiWhoami")
        .RequireAnyCaller()
        .RequireRateLimit(RateLimitPolicy.Management)
        .AddRequestChecks()
        .WithTags("API Keys")
        .WithSummary("Get the caller")
        .WithDescription("Returns what the presented key is and may do.")
        .Produces<Response>();

    private static Ok<Response> Handle(ClaimsPrincipal user) => TypedResults.Ok(new Response(
        JsonNamingPolicy.SnakeCaseLower.ConvertName(user.GetActorKind().ToString()),
        user.GetActor(),
        user.FindFirstValue(CallerClaims.Project),
        user.FindFirstValue(CallerClaims.ApiKey),
        user.GetActorKind() == ActorKind.ApiKey ? user.FindFirstValue(CallerClaims.ActorId) : null,
        user.GetPermissions(),
        user.IsRetiring()));
}
