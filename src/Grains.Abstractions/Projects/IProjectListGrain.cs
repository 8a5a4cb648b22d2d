using KeysCluster.Security;

namespace KeysCluster.Projects;

/// <summary>
/// Lists projects from the storage index, without activating their grains. The grain key has no meaning.
/// </summary>
[Alias("KeysCluster.IProjectListGrain")]
public interface IProjectListGrain : IGrainWithIntegerKey
{
    /// <summary>Returns a page of projects that are not archived, newest first.</summary>
    /// <param name="page">The number of the page, from 1.</param>
    /// <param name="limit">The maximum number of projects, 1 to 1000.</param>
    /// <exception cref="Storage.StorageUnavailableException">Storage did not answer.</exception>
    [Alias("List"), Retryable]
    [AllowClients(ClientRoles.FrontEnd)]
    Task<ProjectPage> List(int page, int limit);

    /// <summary>
    /// Returns the projects after a position, newest first. Projects that are created meanwhile do not move the pages.
    /// </summary>
    /// <param name="after">The position at which the previous page ended; null for the first page.</param>
    /// <param name="limit">The maximum number of projects, 1 to 1000.</param>
    /// <param name="isArchived">Whether to list archived projects instead of the others.</param>
    /// <exception cref="Storage.StorageUnavailableException">Storage did not answer.</exception>
    [Alias("ListAfter"), Retryable]
    [AllowClients(ClientRoles.FrontEnd)]
    Task<ProjectPage> ListAfter(ProjectPosition? after, int limit, bool isArchived);

    /// <summary>Returns a page of archived projects, newest first.</summary>
    /// <param name="page">The number of the page, from 1.</param>
    /// <param name="limit">The maximum number of projects, 1 to 1000.</param>
    /// <exception cref="Storage.StorageUnavailableException">Storage did not answer.</exception>
    [Alias("ListArchived"), Retryable]
    [AllowClients(ClientRoles.FrontEnd)]
    Task<ProjectPage> ListArchived(int page, int limit);
}
