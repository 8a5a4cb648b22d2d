using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using System.Text.Json;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Callers;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Http;
using KeysCluster.Imports;
using KeysCluster.Projects;
using Microsoft.Extensions.Options;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace KeysCluster.Api.Imports;

internal static class ImportVirtualKeys
{
    internal sealed record Request
    {
        [Required(ErrorMessage = "is required.")]
        [Length(1, ImportLimits.MaxKeys, ErrorMessage = "must have 1 to 500 entries.")]
        [ElementType(typeof(ImportedKeyRequest), ImportLimits.MaxKeys)]
        [Description("1 to 500 keys of another system.")]
        public IReadOnlyList<JsonElement> Keys { get; init; } = null!;
    }

    internal sealed record Response(
        [property: Description("A result for each key, in the order of the request.")]
        IReadOnlyList<ImportResult> Results);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("import", HandleAsync)
        .WithName("importVirtualKeys")
        .RequirePermission(ApiKeyPermissions.CreateVirtualKeys)
        .WithMetadata(new BodyLimit(RequestLimits.MaxImportBytes, ApiErrors.ImportTooLarge))
        .WithSummary("Import virtual keys")
        .WithDescription(
            "Creates virtual keys for keys of another system, whose secrets are known by their hashes only. The "
            + "secrets are valid everywhere when this response arrives; a rotation replaces them by secrets of this "
            + "service. A key that is refused does not affect the others. The request can be repeated: a key whose "
            + "secret the project already has is not changed. The first import of an algorithm takes some seconds "
            + "longer.")
        .Produces<Response>()
        .ProducesErrors(ApiErrors.ImportTooLarge, ApiErrors.InvalidMember);

    private static async Task<IResult> HandleAsync(
        JsonBody<Request> body,
        ClaimsPrincipal user,
        IGrainFactory grains,
        TimeProvider time,
        IOptions<JsonOptions> json)
    {
        var (caller, now, options) = (user.GetCaller(), time.GetUtcNow(), json.Value.SerializerOptions);
        ImportItem[] items = [.. body.Value.Keys.Select(key => ImportItem.Parse(key, caller, now, options, user))];
        ImportKeyCommand[] commands = [.. items.Select(item => item.Command).OfType<ImportKeyCommand>()];
        var grain = grains.GetGrain<IKeyImportGrain>(caller.Project.ToString());
        var imported = new Queue<ImportKeyResult>(commands.Length == 0 ? [] : await grain.Import(commands));
        return TypedResults.Ok(new Response(
        [
            .. items.Select(item => item.Error is { } error
                ? ImportResult.Failed(error)
                : ImportResult.From(imported.Dequeue())),
        ]));
    }
}
