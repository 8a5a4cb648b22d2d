using System.Security.Claims;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Idempotency;
using KeysCluster.Api.Requests;
using KeysCluster.Projects;
using KeysCluster.Secrets;

namespace KeysCluster.Api.Projects;

internal static class RotateProjectApiKey
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("{id}/rotate-api-key", Handle)
        .WithName("postApiProjectsByIdRotateApiKey")
        .WithSummary("Rotate a project's API key")
        .WithDescription(
            "Mints a fresh API key; it works when this answer arrives and is never shown again. The replaced one stays "
            + "valid for 24 h, or the grace period that is asked for, each one replaced earlier until its own deadline.")
        .Produces<ProjectWithApiKeyAnswer>()
        .ProducesErrors(ApiErrors.OfBodies)
        .ProducesErrors(ApiErrors.ProjectNotFound, ApiErrors.TooManyRetiringSecrets)
        .ProducesErrors(ApiErrors.OfIdempotency);

    private static async Task<IResult> Handle(
        string id,
        Body<RotateRequest> body,
        Idempotent idempotent,
        ClaimsPrincipal user,
        IGrainFactory grains,
        TimeProvider time,
        HttpResponse response)
    {
        if (grains.FindProject(id, user) is not { } project) return ApiErrors.ProjectNotFound;
        var apiKey = ProjectApiKey.Mint(project.Caller.Project);
        var result = await project.Grain.RotateApiKey(new RotateSecret
        {
            Caller = project.Caller,
            Secret = NewSecret.Of(apiKey, time.GetUtcNow()),
            GracePeriod = TimeSpan.FromSeconds(body.Value.GracePeriodSeconds),
            Idempotency = idempotent.Mark(apiKey, "rotate", body.Value),
        });
        if (result.Error() is { } error) return error;
        var shown = idempotent.SecretOf(result.Outcome, result.SealedSecret, apiKey, response);
        return TypedResults.Ok(new ProjectWithApiKeyAnswer(ProjectBody.Of(result.Project!), shown));
    }
}
