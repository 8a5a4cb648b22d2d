using KeysCluster.Client;
using KeysCluster.WebConsole.Components.Shared;
using KeysCluster.WebConsole.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace KeysCluster.WebConsole.Components.Pages;

/// <summary>
/// The time line of a key alone, by which its page shows the last use of a replaced secret as it happens.
/// </summary>
internal static class SecretsFragment
{
    public static Task<IResult> HandleAsync(string id, ConsoleSession session, HttpContext context) =>
        TryAsync(async () =>
        {
            var key = await session.Api.VirtualKeys.GetAsync(id, context.RequestAborted);
            return new RazorComponentResult<SecretTimeline>(new
            {
                key.SecretId,
                key.DisplayPrefix,
                LastUsedAt = key.SecretLastUsedAt,
                key.RetiringSecrets,
                CanExpire = session.CanChange(ApiKeyPermissions.RotateVirtualKeys)
                    && key.Status != VirtualKeyStatus.Revoked,
            });
        });

    public static Task<IResult> HandleApiKeyAsync(
        string id, ConsoleSession session, HttpContext context, string? projectId = null) =>
        TryAsync(async () =>
        {
            var key = await session.Api.ApiKeys.GetAsync(
                projectId ?? session.Caller.ProjectId ?? "", id, context.RequestAborted);
            return new RazorComponentResult<SecretTimeline>(new
            {
                key.SecretId,
                key.DisplayPrefix,
                key.LastUsedAt,
                key.RetiringSecrets,
                CanExpire = session.CanManageApiKeys,
            });
        });

    private static async Task<IResult> TryAsync(Func<Task<IResult>> renderAsync)
    {
        try
        {
            return await renderAsync();
        }
        catch (KeysApiException exception)
        {
            return Results.StatusCode((int)exception.StatusCode);
        }
    }
}
