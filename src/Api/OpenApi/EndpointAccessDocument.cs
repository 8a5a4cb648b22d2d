using KeysCluster.Api.Authorization;
using KeysCluster.Api.Errors;

namespace KeysCluster.Api.OpenApi;

/// <summary>Documents who may call an endpoint, and how it refuses the others.</summary>
internal static class EndpointAccessDocument
{
    /// <summary>Returns the sentences that the description of an operation ends with.</summary>
    public static string Describe(EndpointAccess access)
    {
        if (!access.IsForApiKeys) return "Needs an admin key.";
        var apiKey = access.Permission is { } permission
            ? $"Needs an API key with the permission `{permission}`"
            : "Needs any API key of the project";
        var callers = access.IsForAdmin ? $"{apiKey}, or an admin key." : $"{apiKey}.";
        if (access.IsForRetiring) return $"{callers} The API key may be retiring.";
        return access.IsForRetiringReplays
            ? $"{callers} A retiring API key may only repeat the request that replaced it, with its Idempotency-Key."
            : callers;
    }

    /// <summary>Returns the errors of callers that may not call an endpoint.</summary>
    public static IEnumerable<ErrorResult> GetErrors(EndpointAccess access)
    {
        if (!access.IsForAdmin) yield return ApiErrors.ApiKeyNeeded;
        if (!access.IsForApiKeys)
        {
            yield return ApiErrors.AdminKeyNeeded;
            yield break;
        }

        yield return ApiErrors.ProjectDisabled;
        if (!access.IsForRetiring) yield return ApiErrors.ApiKeyRetiring;
        if (access.Permission is { } permission) yield return ApiErrors.MissingPermissions([permission]);
    }
}
