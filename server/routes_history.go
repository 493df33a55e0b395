package server

import "github.com/labstack/echo/v4"

// historyRoutes are the writes of programs, what became of a document and who
// wrote it, and the people who are there meanwhile.
func (s *Server) historyRoutes(api *echo.Group) {
	api.GET("/sessions", s.listAllSessions)
	api.DELETE("/sessions/:session", s.disconnect)
	api.POST("/sessions/:session/notice", s.notify)
	api.POST("/notice", s.notifyAll)

	document := api.Group("/documents/:id")
	document.PUT("/content", s.putContent)
	document.PATCH("/content", s.patchContent)
	document.GET("/events", s.getEvents)
	document.GET("/revisions", s.listRevisions)
	document.GET("/versions", s.listVersions)
	document.POST("/versions", s.createVersion)
	document.DELETE("/versions/:rev", s.deleteVersion)
	document.POST("/revert", s.revert)
	document.POST("/erase", s.erase)
	document.GET("/diff", s.getDiff)
	document.GET("/blame", s.getBlame)
	document.GET("/sessions", s.listSessions)
	document.DELETE("/sessions/:session", s.disconnect)
	document.POST("/sessions/:session/notice", s.notify)
	document.POST("/notice", s.notifyAll)
}
