using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using System.Text.Json.Serialization;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Callers;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Http;
using KeysCluster.Api.Idempotency;
using KeysCluster.Projects;
using KeysCluster.Secrets;

namespace KeysCluster.Api.Projects;

internal static class CreateProject
{
    private const string IdempotencyScope = "projects";

    /// <summary>This service has no teams, and creates none.</summary>
    [UnsupportedMember("newTeamName")]
    [UnsupportedMember("piiRedactionLevel")]
    internal sealed record Request
    {
        [Required(ErrorMessage = "is required."), Text(1, ProjectLimits.MaxNameLength)]
        [Description("1 to 255 characters; names need not be unique.")]
        public string Name { get; init; } = null!;

        [AddedMember]
        [Text(0, ProjectLimits.MaxNameLength)]
        [Description("Sent by clients of LangWatch. Stored and returned.")]
        public string? Language
        {
            get;
            init => field = value is "" ? null : value;
        }

        [AddedMember]
        [Text(0, ProjectLimits.MaxNameLength)]
        [Description("Sent by clients of LangWatch. Stored and returned.")]
        public string? Framework
        {
            get;
            init => field = value is "" ? null : value;
        }

        [AddedMember]
        [JsonPropertyName("teamId"), Text(0, ProjectLimits.MaxNameLength)]
        [Description("Sent by clients of LangWatch. Stored and returned.")]
        public string? TeamId
        {
            get;
            init => field = value is "" ? null : value;
        }
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("", HandleAsync)
        .WithName("postApiProjects")
        .RequireAdmin()
        .WithSummary("Create a project")
        .WithDescription("Creates a project and its first API key. Only this response shows the API key.")
        .Produces<ProjectWithApiKeyResponse>(201)
        .ProducesErrors(ApiErrors.InvalidMember)
        .ProducesErrors(ApiErrors.ForIdempotency);

    private static Task<IResult> HandleAsync(
        JsonBody<Request> body, SecretIssuer issuer, ClaimsPrincipal user, IGrainFactory grains) =>
        issuer.CreateAsync(IdempotencyScope, ProjectId.New, ProjectId.FromBits, async (id, replayOnly) =>
        {
            var minted = ProjectApiKey.Mint(id);
            var result = await grains.GetProjectGrain(id).Create(new CreateProjectCommand(
                body.Value.Name,
                NewSecret.From(minted, issuer.Now),
                user.GetActor(),
                issuer.ToIdempotentRequest("create", body.Value, minted),
                user.GetOrigin(),
                replayOnly,
                body.Value.Language,
                body.Value.Framework,
                body.Value.TeamId));
            if (result.Outcome == ChangeOutcome.AlreadyExists) return null;
            if (replayOnly && result.Outcome == ChangeOutcome.NotFound) return null;
            if (result.ToError() is { } error) return error;

            var apiKey = issuer.Reveal(result.Outcome, result.SealedSecret, minted);
            return TypedResults.Created(
                $"/api/projects/{id}",
                ProjectWithApiKeyResponse.From(result.Project!, apiKey));
        });
}
