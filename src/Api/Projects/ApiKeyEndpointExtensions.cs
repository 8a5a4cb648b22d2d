using System.Security.Claims;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Http;
using KeysCluster.Api.RateLimiting;
using KeysCluster.Projects;

namespace KeysCluster.Api.Projects;

internal static class ApiKeyEndpointExtensions
{
    public static void MapApiKeys(this IEndpointRouteBuilder routes)
    {
        GetCaller.Map(routes);
        var group = routes.MapGroup("/api/projects/{id}/api-keys")
            .WithTags("API Keys")
            .RequireRateLimit(RateLimitPolicy.Management)
            .AddRequestChecks()
            .ProducesErrors(ApiErrors.ProjectNotFound);
        CreateApiKey.Map(group);
        ListApiKeys.Map(group);
        GetApiKey.Map(group);
        UpdateApiKey.Map(group);
        DeleteApiKey.Map(group);
        RotateApiKey.Map(group);
        ExpireApiKeySecret.Map(group);
        ExpireApiKeySecrets.Map(group);
        UpdateApiKeySecret.Map(group);
    }

    /// <summary>
    /// Returns the grain of the project in a path, the caller, and the API key in the path; an error if one of them is
    /// not found.
    /// </summary>
    public static (IProjectGrain Grain, Caller Caller, ApiKeyId Key, ErrorResult? Error) FindApiKey(
        this IGrainFactory grains, string id, string keyId, ClaimsPrincipal user)
    {
        if (grains.FindProject(id, user) is not { } project)
            return (null!, default, default, ApiErrors.ProjectNotFound);
        return ApiKeyId.TryParse(keyId, out var key)
            ? (project.Grain, project.Caller, key, null)
            : (null!, default, default, ApiErrors.ApiKeyNotFound);
    }

    /// <summary>Returns the response to a change that issues no secret.</summary>
    public static IResult ToApiKeyResult(this ProjectResult result) =>
        result.ToError() ?? (IResult)TypedResults.Ok(ApiKeyResponse.From(result.ApiKey!));
}
