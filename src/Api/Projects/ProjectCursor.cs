using System.Diagnostics.CodeAnalysis;
using KeysCluster.Api.Http;
using KeysCluster.Projects;
using KeysCluster.Time;

namespace KeysCluster.Api.Projects;

/// <summary>
/// The <c>cursor</c> of a list of projects: the creation time and id of a project. It belongs to the list of archived
/// projects, or to that of the others.
/// </summary>
internal sealed class ProjectCursor(bool isArchived)
{
    private const int MaxLength = 128;

    private readonly ListCursor _cursor = new(isArchived ? "projects archived" : "projects", MaxLength);

    public string Encode(ProjectPosition position) =>
        _cursor.Encode($"{UtcMillisecondJsonConverter.Format(position.CreatedAt)} {position.Id}");

    /// <summary>Returns false for a text that <see cref="Encode"/> cannot have produced for this list.</summary>
    public bool TryDecode(string cursor, [NotNullWhen(true)] out ProjectPosition? position)
    {
        position = null;
        if (!_cursor.TryDecode(cursor, out var text)
            || text.Split(' ') is not [var time, var idText]
            || !UtcMillisecondJsonConverter.TryParse(time, out var createdAt)
            || !ProjectId.TryParse(idText, out var id))
            return false;
        position = new ProjectPosition(createdAt, id);
        return true;
    }
}
