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
    public static async Task<IResult> HandleAsync(string id, ConsoleSession session, HttpContext context)
    {
        try
        {
            var key = await session.Api.VirtualKeys.GetAsync(id, context.RequestAborted);
            return new RazorComponentResult<SecretTimeline>(new
            {
                Key = key,
                CanExpire = session.CanChange(ApiKeyPermissions.RotateVirtualKeys)
                    && key.Status != VirtualKeyStatus.Revoked,
            });
        }
        catch (KeysApiException exception)
        {
            return Results.StatusCode((int)exception.StatusCode);
        }
    }
}
