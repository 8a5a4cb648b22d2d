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

    /// <summary>Returns a page of archived projects, newest first.</summary>
    /// <param name="page">The number of the page, from 1.</param>
    /// <param name="limit">The maximum number of projects, 1 to 1000.</param>
    /// <exception cref="Storage.StorageUnavailableException">Storage did not answer.</exception>
    [Alias("ListArchived"), Retryable]
    [AllowClients(ClientRoles.FrontEnd)]
    Task<ProjectPage> ListArchived(int page, int limit);
}
